import '$shared/fonts.css'
import '$shared/tokens.css'
import '$shared/base.css'
import './gate.css'
import { network } from '$shared/network.svelte'
import { installed } from '$shared/worker/installed.svelte'
import { mount } from 'svelte'
import App from './App.svelte'
import { gate } from './gate_state.svelte'
import { words } from './words'

network.start()
void Promise.all([words.start(), gate.start()])
mount(App, { target: document.getElementById('app')! })
if (import.meta.env.PROD) void installed.register('/gate/service-worker.js', '/gate/')
