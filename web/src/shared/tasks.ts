/** Ends the task that runs: the browser answers taps and paints before what follows. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}
