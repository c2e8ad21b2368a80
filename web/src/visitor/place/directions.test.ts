import { expect, it } from 'vitest'
import { directionsTo } from './directions'

it.each([
  ['Mozilla/5.0 (Linux; Android 14; Pixel 6)', 'geo:16.4,107.5?q=16.4,107.5'],
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)', 'maps://?daddr=16.4,107.5'],
  ['Mozilla/5.0 (X11; Linux x86_64)', 'https://www.openstreetmap.org/directions?to=16.4%2C107.5'],
])('%s opens its own maps', (agent, address) => {
  expect(directionsTo(16.4, 107.5, agent)).toBe(address)
})
