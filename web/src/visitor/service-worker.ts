import { serveShell } from '$shared/worker/shell'
import { isScreen, routeOf } from './routes'

serveShell({
  app: 'visitor',
  page: '/shell',
  isOurs: isScreen,
  standsIn: (path) => routeOf(path).name === 'tour',
})
