import { resolve } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig, type UserConfig } from 'vite'
import { budget } from './budget.ts'
import { compressed } from './compressed.ts'
import { serviceWorker } from './service_worker.ts'

const web = resolve(import.meta.dirname, '..')

interface App {
  name: 'visitor' | 'gate'
  base: '/' | '/gate/'
  page: '/shell' | '/gate/'
  /** The most script, in gzipped kilobytes, that may travel before the first screen works. */
  initialScriptKilobytes: number
}

/** One installed app: its own root, its own folder in dist, its own service worker. */
export function defineApp({ name, base, page, initialScriptKilobytes }: App): UserConfig {
  return defineConfig({
    root: resolve(web, 'src', name),
    base,
    publicDir: resolve(web, 'public', name),
    envDir: false,
    resolve: { alias: { $shared: resolve(web, 'src/shared') } },
    plugins: [
      svelte({ configFile: false }),
      budget(initialScriptKilobytes),
      serviceWorker({ name, base, page }),
      compressed(resolve(web, 'dist', name)),
    ],
    build: {
      outDir: resolve(web, 'dist', name),
      emptyOutDir: true,
      // The server reads there which file holds the words of a language.
      manifest: true,
      target: 'es2022',
      // The polyfill would be an inline script, which our content security policy refuses.
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
    },
    server: { proxy: serverPaths() },
  })
}

/** While developing, everything that is not ours is asked of the Django server. */
function serverPaths(): Record<string, string> {
  const server = process.env['NGOMON_DEV_SERVER'] ?? 'http://127.0.0.1:8000'
  return Object.fromEntries(['/api', '/pay', '/media', '/static'].map((path) => [path, server]))
}
