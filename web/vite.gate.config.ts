import { defineApp } from './build/app.ts'

export default defineApp({ name: 'gate', base: '/gate/', initialScriptKilobytes: 120 })
