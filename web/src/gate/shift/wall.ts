/** The code on the wall of a gate, "HUEGATE:dai-noi/ngo-mon", or null for any other text. */
export function readWall(text: string): { site: string; gate: string } | null {
  const match = /^HUEGATE:([-\w]{1,80})\/([-\w]{1,60})$/.exec(text)
  return match ? { site: match[1]!, gate: match[2]! } : null
}
