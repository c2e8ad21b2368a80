/** Why no picture comes, in the kinds that a person can do something about. */
export type CameraTrouble = 'no_camera' | 'denied' | 'in_use' | 'not_allowed_here' | 'failed'

export type Opening = { ok: true; camera: Camera } | { ok: false; trouble: CameraTrouble }

/** The rear camera of a phone, or whatever camera there is. */
export class Camera {
  readonly stream: MediaStream
  readonly #track: MediaStreamTrack

  constructor(stream: MediaStream) {
    this.stream = stream
    this.#track = stream.getVideoTracks()[0]!
  }

  get hasTorch(): boolean {
    // Browsers without the feature lack the method; the torch is not in the standard types yet.
    const capabilities = this.#track.getCapabilities?.() as { torch?: boolean } | undefined
    return capabilities?.torch === true
  }

  async shine(on: boolean): Promise<void> {
    await this.#track.applyConstraints({ advanced: [{ torch: on } as MediaTrackConstraintSet] })
  }

  /** Calls back when somebody else takes the camera away. */
  onLost(lost: () => void): void {
    this.#track.addEventListener('ended', lost, { once: true })
  }

  close(): void {
    for (const track of this.stream.getTracks()) track.stop()
  }
}

export async function openCamera(): Promise<Opening> {
  // Browsers hide the camera from pages that came over plain HTTP.
  const devices = navigator.mediaDevices as MediaDevices | undefined
  if (!devices?.getUserMedia) return { ok: false, trouble: 'not_allowed_here' }
  try {
    const stream = await devices.getUserMedia({
      audio: false,
      video: {
        facingMode: { ideal: 'environment' },
        width: { ideal: 1280 },
        height: { ideal: 720 },
      },
    })
    return { ok: true, camera: new Camera(stream) }
  } catch (error) {
    return { ok: false, trouble: troubleOf(error) }
  }
}

const TROUBLES: Record<string, CameraTrouble> = {
  NotFoundError: 'no_camera',
  OverconstrainedError: 'no_camera',
  NotAllowedError: 'denied',
  SecurityError: 'not_allowed_here',
  NotReadableError: 'in_use',
  AbortError: 'in_use',
}

export function troubleOf(error: unknown): CameraTrouble {
  return (error instanceof DOMException && TROUBLES[error.name]) || 'failed'
}
