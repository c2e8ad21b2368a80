/** A sound that a player can play: from the phone where it lies there, else from the server. */
export interface Sound {
  src: string
  /** Whether it plays without network. */
  kept: boolean
  /** Gives the memory of a kept sound back. */
  release: () => void
}

export async function soundOf(url: string): Promise<Sound> {
  // A kept sound is given whole, because a player asks for parts, and a cache knows none.
  const kept = 'caches' in globalThis ? await caches.match(url) : undefined
  if (!kept) return { src: url, kept: false, release: () => {} }
  const src = URL.createObjectURL(await kept.blob())
  return { src, kept: true, release: () => URL.revokeObjectURL(src) }
}
