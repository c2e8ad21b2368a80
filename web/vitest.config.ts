import { resolve } from 'node:path'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [svelte({ configFile: false })],
  resolve: { alias: { $shared: resolve(import.meta.dirname, 'src/shared') } },
  test: {
    include: ['src/**/*.test.ts', 'build/**/*.test.ts'],
    // The clock of the province, so that wording tests say what a visitor in Huế would read.
    env: { TZ: 'Asia/Ho_Chi_Minh' },
  },
})
