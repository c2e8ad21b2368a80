import { prepareZXingModule, readBarcodes, type ReadResult } from 'zxing-wasm/reader'
import wasm from 'zxing-wasm/reader/zxing_reader.wasm?url'

// By default the library would ask a server that is not ours.
prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true })

addEventListener('message', ({ data }: MessageEvent<ImageData>) => {
  void read(data).then((text) => postMessage(text))
})

async function read(picture: ImageData): Promise<string | null> {
  const found = await readBarcodes(picture, { formats: ['QRCode'], maxNumberOfSymbols: 4 })
  const nearest = found
    .filter((code) => code.isValid)
    .sort((a, b) => offCentre(a, picture) - offCentre(b, picture))[0]
  return nearest?.text ?? null
}

/** A family's tickets may all be in the picture: the one that is held to the middle is meant. */
function offCentre({ position }: ReadResult, { width, height }: ImageData): number {
  const x = (position.topLeft.x + position.bottomRight.x) / 2
  const y = (position.topLeft.y + position.bottomRight.y) / 2
  return Math.hypot(x - width / 2, y - height / 2)
}
