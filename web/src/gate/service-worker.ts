import { serveShell } from '$shared/worker/shell'

serveShell({
  app: 'gate',
  page: '/gate/',
  isOurs: (path) => path.startsWith('/gate/'),
})
