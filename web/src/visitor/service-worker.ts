import { serveShell } from '$shared/worker/shell'

serveShell({
  app: 'visitor',
  page: '/',
  leaveAlone: ['/api/', '/gate', '/admin', '/pay/', '/media/', '/static/'],
})
