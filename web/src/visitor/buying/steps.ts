export const STEPS = ['day', 'tickets', 'time', 'contact'] as const
export type Step = (typeof STEPS)[number]

interface Needs {
  /** Something on sale is for a day. */
  day: boolean
  /** Something that was chosen is visited at times. */
  time: boolean
}

/** The questions that this purchase has, in their order. */
export function stepsFor(needs: Needs): Step[] {
  return STEPS.filter((step) => (step !== 'day' || needs.day) && (step !== 'time' || needs.time))
}

interface Answered {
  people: number
  timesMissing: boolean
}

/** The step to show: nobody lands behind a question that is not answered, whatever the address says. */
export function stepAt(asked: string | null, steps: Step[], answered: Answered): Step {
  const wanted = steps.find((step) => step === asked) ?? steps[0]!
  const late = wanted === 'contact' || wanted === 'time'
  if (late && answered.people === 0) return 'tickets'
  return wanted === 'contact' && answered.timesMissing ? 'time' : wanted
}
