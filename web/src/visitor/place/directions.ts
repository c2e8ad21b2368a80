/** The address that opens the phone's own map application with a way to a point. */
export function directionsTo(lat: number, lon: number, agent: string): string {
  if (/iPhone|iPad|Macintosh/.test(agent)) return `maps://?daddr=${lat},${lon}`
  if (/Android/.test(agent)) return `geo:${lat},${lon}?q=${lat},${lon}`
  // A computer has no such application: a page that whoever follows the link chooses to open.
  return `https://www.openstreetmap.org/directions?to=${lat}%2C${lon}`
}
