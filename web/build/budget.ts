import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

/** Prints how much script the first screen needs, and fails the build when it is too much. */
export function budget(kilobytes: number): Plugin {
  return {
    name: 'ngomon:budget',
    apply: 'build',
    writeBundle(_options, bundle) {
      const chunks = new Map(Object.entries(bundle))
      const initial = new Set<string>()
      const visit = (file: string): void => {
        const chunk = chunks.get(file)
        if (initial.has(file) || chunk?.type !== 'chunk') return
        initial.add(file)
        chunk.imports.forEach(visit)
      }
      for (const [file, chunk] of chunks) if (chunk.type === 'chunk' && chunk.isEntry) visit(file)
      const bytes = [...initial].reduce((sum, file) => sum + gzipped(chunks.get(file)), 0)
      const line = `${(bytes / 1000).toFixed(1)} kB gzipped script before the first screen (budget ${kilobytes} kB)`
      if (bytes > kilobytes * 1000) this.error(`Too heavy: ${line}`)
      this.info(line)
    },
  }
}

function gzipped(chunk: unknown): number {
  return gzipSync((chunk as { code: string }).code, { level: 9 }).length
}
