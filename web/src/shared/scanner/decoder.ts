/** Reads QR codes beside the page's own work, one picture at a time. */
export class Decoder {
  readonly #worker = new Worker(new URL('./decoder.worker.ts', import.meta.url), { type: 'module' })

  /** The text of the code nearest to the middle, or null. The picture is handed over. */
  read(picture: ImageData): Promise<string | null> {
    return new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }: MessageEvent<string | null>) => resolve(data)
      this.#worker.onerror = (event) => reject(new Error(event.message))
      this.#worker.postMessage(picture, [picture.data.buffer])
    })
  }

  close(): void {
    this.#worker.terminate()
  }
}
