import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

const WORTH_IT = /\.(?:m?js|css|svg|json|webmanifest|wasm)$/

/** Puts a gzipped copy beside each file of the build: the server sends that, without a proxy too. */
export function compressed(outDir: string): Plugin {
  return {
    name: 'ngomon:compressed',
    apply: 'build',
    closeBundle: {
      order: 'post',
      sequential: true,
      handler() {
        for (const entry of readdirSync(outDir, { recursive: true, encoding: 'utf8' })) {
          if (!WORTH_IT.test(entry)) continue
          const file = join(outDir, entry)
          writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }))
        }
      },
    },
  }
}
