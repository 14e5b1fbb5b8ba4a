/**
 * A pull producer that ends.
 *
 * Source: Twisted, `twisted/internet/testing.py`, `NonStreamingProducer`.
 *
 * @module
 */
import type { IConsumer, IPullProducer, ITransport } from '@sennit/interfaces'

/** What it writes to. */
export type ProducerTarget = Pick<ITransport, 'write'> & IConsumer

/** Writes `0`, `1`, … `9`, one each time it is asked, then takes itself out. */
export class NonStreamingProducer implements IPullProducer {
  /** How many times it was asked. */
  counter = 0
  /** `stopProducing` was called. */
  stopped = false
  #consumer: ProducerTarget | undefined

  constructor(consumer: ProducerTarget) {
    this.#consumer = consumer
  }

  resumeProducing(): void {
    const consumer = this.#consumer
    if (consumer === undefined) return
    if (this.counter < 10) consumer.write(Buffer.from(String(this.counter++)))
    else {
      consumer.unregisterProducer()
      this.#consumer = undefined
    }
  }

  stopProducing(): void {
    this.stopped = true
    this.#consumer = undefined
  }
}
