import { defineApp } from './build/app.ts'

export default defineApp({
  name: 'gate',
  base: '/gate/',
  page: '/gate/',
  initialScriptKilobytes: 120,
})
