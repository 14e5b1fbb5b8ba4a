/**
 * Roles of flow control.
 *
 * Source: Twisted, `twisted/internet/interfaces.py`, `IConsumer`, `IPushProducer`, `IPullProducer`.
 *
 * @module
 */

/** Produces when it is asked, once for each time. */
export interface IPullProducer {
  /** Produce some more. */
  resumeProducing(): void
  /** Nobody wants anything any more. */
  stopProducing(): void
}

/** Produces on its own until it is paused. */
export interface IPushProducer extends IPullProducer {
  /** Produce nothing until resumed. */
  pauseProducing(): void
}

/** Takes what one producer produces. */
export interface IConsumer {
  /**
   * Makes `producer` the one producer. A push producer (`streaming`) is paused when too much is buffered.
   *
   * @throws Error when there is a producer already
   */
  registerProducer(producer: IPullProducer | IPushProducer, streaming: boolean): void
  /** Forgets the producer. */
  unregisterProducer(): void
}
