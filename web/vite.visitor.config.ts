import { defineApp } from './build/app.ts'

export default defineApp({
  name: 'visitor',
  base: '/',
  page: '/shell',
  initialScriptKilobytes: 120,
})
