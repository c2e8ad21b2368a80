import { api } from '../api'
import { Plays, type Play } from './plays'

/** What was listened to on this phone and not told yet. */
export const plays = new Plays()

const EACH_MS = 60_000

/** Tell the server what was heard, as far as it can be reached. */
export async function tellPlays(): Promise<void> {
  try {
    while ((await plays.tell(tell)) > 0);
  } catch {
    // A phone that keeps nothing has nothing to tell.
    return
  }
}

/** Tell now, when there is a network again, and once a minute. */
export function keepTelling(): void {
  void tellPlays()
  addEventListener('online', () => void tellPlays())
  setInterval(() => void tellPlays(), EACH_MS)
}

async function tell(batch: Play[]): Promise<boolean> {
  try {
    const { response } = await api.POST('/api/v1/guides/plays', { body: { plays: batch } })
    return response.ok
  } catch {
    return false
  }
}
