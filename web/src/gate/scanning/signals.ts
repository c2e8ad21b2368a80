import type { Tone } from './outcomes'

interface Note {
  hertz: number
  from: number
  seconds: number
}

interface Signal {
  notes: Note[]
  wave: OscillatorType
  /** Milliseconds on, off, on … */
  vibration: number[]
}

/** Told apart with closed eyes: rising for in, two equal knocks for look, one low buzz for no. */
export const SIGNALS: Record<Tone, Signal> = {
  go: {
    notes: [
      { hertz: 880, from: 0, seconds: 0.1 },
      { hertz: 1320, from: 0.1, seconds: 0.16 },
    ],
    wave: 'sine',
    vibration: [80],
  },
  person: {
    notes: [
      { hertz: 587, from: 0, seconds: 0.14 },
      { hertz: 587, from: 0.24, seconds: 0.14 },
    ],
    wave: 'triangle',
    vibration: [120, 100, 120],
  },
  stop: {
    notes: [{ hertz: 185, from: 0, seconds: 0.55 }],
    wave: 'square',
    vibration: [450],
  },
}

const LOUDNESS = 0.35
const FADE_SECONDS = 0.015

let context: AudioContext | null = null

/** Browsers stay silent until the page was touched once; call this on a touch. */
export async function allowSound(): Promise<void> {
  context ??= new AudioContext()
  await context.resume()
}

export function signal(tone: Tone, { sound }: { sound: boolean }): void {
  const { notes, wave, vibration } = SIGNALS[tone]
  if ('vibrate' in navigator) navigator.vibrate(vibration)
  if (!sound || context?.state !== 'running') return
  for (const note of notes) play(context, note, wave)
}

function play(audio: AudioContext, { hertz, from, seconds }: Note, wave: OscillatorType): void {
  const starts = audio.currentTime + from
  const ends = starts + seconds
  const volume = audio.createGain()
  volume.gain.setValueAtTime(0, starts)
  // Without the ramps every note begins and ends with a click.
  volume.gain.linearRampToValueAtTime(LOUDNESS, starts + FADE_SECONDS)
  volume.gain.setValueAtTime(LOUDNESS, ends - FADE_SECONDS)
  volume.gain.linearRampToValueAtTime(0, ends)
  const oscillator = audio.createOscillator()
  oscillator.type = wave
  oscillator.frequency.value = hertz
  oscillator.connect(volume).connect(audio.destination)
  oscillator.start(starts)
  oscillator.stop(ends)
}
