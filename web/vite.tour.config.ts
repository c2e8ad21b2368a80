import { resolve } from 'node:path'
import { defineConfig } from 'vite'
import { budget } from './build/budget.ts'

/**
 * The viewer of 360° tours. Its page comes from the server, whole without script; the build leaves
 * a list of names (.vite/manifest.json) with which the server finds script and styles.
 */
export default defineConfig({
  root: resolve(import.meta.dirname, 'src/tours'),
  base: '/tours/',
  publicDir: false,
  envDir: false,
  resolve: { alias: { $shared: resolve(import.meta.dirname, 'src/shared') } },
  // Nearly all of it is three.js, which the sphere is drawn with.
  plugins: [budget(200)],
  build: {
    outDir: resolve(import.meta.dirname, 'dist/tours'),
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    manifest: true,
    chunkSizeWarningLimit: 800,
    rolldownOptions: { input: resolve(import.meta.dirname, 'src/tours/main.ts') },
  },
})
