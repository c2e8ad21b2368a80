interface Doors {
  open_now: boolean | null
}

/** Of places by distance: those whose doors are shut come after all others, nearest first each. */
export function openFirst<Place extends Doors>(byDistance: readonly Place[]): Place[] {
  const shut = byDistance.filter((place) => place.open_now === false)
  return [...byDistance.filter((place) => place.open_now !== false), ...shut]
}
