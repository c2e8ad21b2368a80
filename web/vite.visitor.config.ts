import { defineApp } from './build/app.ts'

export default defineApp({ name: 'visitor', base: '/', initialScriptKilobytes: 120 })
