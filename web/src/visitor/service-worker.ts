import { serveShell } from '$shared/worker/shell'
import { routeOf } from './routes'

serveShell({ app: 'visitor', page: '/shell', isOurs: (path) => routeOf(path).name !== 'nowhere' })
