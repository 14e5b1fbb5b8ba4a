import { Duplex } from 'node:stream'

class Side extends Duplex {
  other!: Side
  /** Kept while the other side reads nothing. */
  waiting: (() => void) | undefined

  override _write(chunk: Buffer, _encoding: BufferEncoding, callback: () => void) {
    if (this.other.push(chunk)) callback()
    else this.other.waiting = callback
  }

  override _read() {
    const { waiting } = this
    this.waiting = undefined
    waiting?.()
  }

  override _final(callback: () => void) {
    this.other.push(null)
    callback()
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void) {
    if (!this.writableFinished) this.other.destroy(new Error('reset by the other side'))
    callback(error)
  }
}

/** Two connected streams, which stand for the two sides of a connection; neither is ended because the other is. */
export function streamPair(): [Duplex, Duplex] {
  const one = new Side()
  const two = new Side()
  one.other = two
  two.other = one
  two.on('error', () => {})
  return [one, two]
}
