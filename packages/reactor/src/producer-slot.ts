/**
 * The producer of one transport.
 *
 * | kind | written, more than 64 KiB buffered | buffer emptied              | connection gone |
 * |------|------------------------------------|-----------------------------|-----------------|
 * | push | paused, once                       | resumed, if it was paused   | stopped         |
 * | pull | -                                  | asked again, if it has written | stopped      |
 *
 * While the connection is made private, it is held: a push producer is paused, and nobody is asked.
 *
 * Source: Twisted, `twisted/internet/abstract.py`, `FileDescriptor.registerProducer`, `doWrite`.
 *
 * @module
 */
import type { Socket } from 'node:net'
import type { IPullProducer, IPushProducer } from '@sennit/interfaces'

/** A push producer is paused when more bytes than this are buffered. */
export const HIGH_WATER_MARK: number = 64 * 1024

const NOTHING = new Uint8Array(0)

/** Told what a producer's method threw. */
export type ProducerFailed = (thrown: unknown, method: string) => void

/** Feeds a socket from a producer, at the socket's pace. */
export class ProducerSlot {
  #socket: Socket
  readonly #producer: IPullProducer & Partial<IPushProducer>
  readonly #streaming: boolean
  readonly #failed: ProducerFailed
  /** Push: it was paused. Pull: it has written. */
  #awaitsDrain = false
  #left = false
  #held = false

  constructor(
    socket: Socket,
    producer: IPullProducer | IPushProducer,
    streaming: boolean,
    failed: ProducerFailed,
  ) {
    this.#socket = socket
    this.#producer = producer
    this.#streaming = streaming
    this.#failed = failed
  }

  /** Asks a pull producer for the first time; pauses a push producer when too much is buffered already. */
  begin(): void {
    if (this.#streaming) {
      this.#socket.on('drain', this.#emptied)
      this.#pauseIfFull()
    } else if (this.#held) this.#awaitsDrain = true
    else this.#call('resumeProducing')
  }

  /** Nothing can be written for a while. */
  hold(): void {
    this.#held = true
    if (this.#streaming) this.#pause()
  }

  /** Feeds another socket from now on; held until `release`. */
  moveTo(socket: Socket): void {
    this.#socket.off('drain', this.#emptied)
    this.#socket = socket
    if (this.#streaming) socket.on('drain', this.#emptied)
  }

  /** Asks again as soon as what was written is sent. */
  release(): void {
    this.#held = false
    if (this.#socket.writableLength === 0) this.#emptied()
    else this.#socket.write(NOTHING, this.#emptied)
  }

  write(data: Uint8Array): void {
    if (this.#streaming) {
      this.#socket.write(data)
      this.#pauseIfFull()
    } else {
      this.#awaitsDrain = true
      this.#socket.write(data, this.#emptied)
    }
  }

  /** The producer is no longer asked for anything. */
  leave(): void {
    this.#left = true
    this.#socket.off('drain', this.#emptied)
  }

  /** The connection is gone. */
  stop(): void {
    this.leave()
    this.#call('stopProducing')
  }

  #pauseIfFull(): void {
    if (this.#socket.writableLength > HIGH_WATER_MARK) this.#pause()
  }

  #pause(): void {
    if (this.#awaitsDrain || this.#left) return
    this.#awaitsDrain = true
    this.#call('pauseProducing')
  }

  readonly #emptied = (): void => {
    if (!this.#awaitsDrain || this.#held || this.#left) return
    if (this.#socket.writableLength > 0 || this.#socket.destroyed) return
    this.#awaitsDrain = false
    this.#call('resumeProducing')
  }

  #call(method: 'resumeProducing' | 'pauseProducing' | 'stopProducing'): void {
    try {
      this.#producer[method]?.()
    } catch (error) {
      this.#failed(error, method)
    }
  }
}
