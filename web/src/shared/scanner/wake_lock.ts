/** Keeps the screen on while the page is seen; the returned function lets it sleep again. */
export function keepAwake(): () => void {
  let lock: WakeLockSentinel | null = null
  let wanted = true

  const ask = async (): Promise<void> => {
    if (!wanted || document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return
    try {
      const granted = await navigator.wakeLock.request('screen')
      if (wanted) lock = granted
      else await granted.release()
    } catch {
      // A phone that saves its battery says no; the screen then sleeps as usual.
      lock = null
    }
  }
  const onVisible = (): void => void ask()
  document.addEventListener('visibilitychange', onVisible)
  void ask()
  return () => {
    wanted = false
    document.removeEventListener('visibilitychange', onVisible)
    void lock?.release()
  }
}
