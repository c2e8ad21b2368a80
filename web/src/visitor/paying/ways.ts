import type { Schemas } from '$shared/api/client'

export type Way = Schemas['OfferOut']
export type Provider = Way['provider']

/** The way to offer first: the one of last time where it is usable here, else the first usable. */
export function firstChoice(ways: Way[], remembered: string | null): Provider | null {
  const usable = ways.filter((way) => way.usable)
  const same = usable.find((way) => way.provider === remembered)
  return (same ?? usable[0])?.provider ?? null
}
