import { createHash } from 'node:crypto'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build, type Plugin } from 'vite'

interface Options {
  name: string
  base: string
  /** Where the server gives the page without anything that belongs to one address. */
  page: string
}

/**
 * Compiles src/<app>/service-worker.ts to <base>service-worker.js, with the list of everything
 * that the build wrote and a version that changes exactly when one of those files changes.
 */
export function serviceWorker({ name, base, page }: Options): Plugin {
  const web = resolve(import.meta.dirname, '..')
  const source = resolve(web, 'src', name, 'service-worker.ts')
  const outDir = resolve(web, 'dist', name)
  return {
    name: 'ngomon:service-worker',
    apply: 'build',
    async closeBundle() {
      if (!existsSync(source) || !existsSync(outDir)) return
      const files = filesIn(outDir).filter(
        (file) =>
          file !== 'service-worker.js' && !file.endsWith('.gz') && !file.startsWith('.vite/'),
      )
      await build({
        configFile: false,
        envDir: false,
        publicDir: false,
        logLevel: 'warn',
        resolve: { alias: { $shared: resolve(web, 'src/shared') } },
        define: {
          __SHELL_FILES__: JSON.stringify(
            files
              .filter((file) => !isOptional(file))
              .map((file) => (file === 'index.html' ? page : base + file)),
          ),
          __OPTIONAL_FILES__: JSON.stringify(files.filter(isOptional).map((file) => base + file)),
          __SHELL_VERSION__: JSON.stringify(versionOf(outDir, files, source)),
        },
        build: {
          outDir,
          emptyOutDir: false,
          target: 'es2022',
          lib: {
            entry: source,
            formats: ['iife'],
            name: 'worker',
            fileName: () => 'service-worker.js',
          },
        },
      })
    },
  }
}

/**
 * What a phone keeps only once it was used: each language but Vietnamese, and the map.
 * Nobody pays for the words of eleven other languages.
 */
function isOptional(file: string): boolean {
  return /^assets\/(?:[a-z]{2}|maplibre[\w.-]*|Map[\w.-]*)-[\w-]{8}\.(?:m?js|css)$/.test(file)
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

function versionOf(folder: string, files: string[], source: string): string {
  const hash = createHash('sha256').update(readFileSync(source))
  for (const file of files) hash.update(file).update(readFileSync(join(folder, file)))
  return hash.digest('hex').slice(0, 12)
}
