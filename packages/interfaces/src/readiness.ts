/**
 * Roles of a program that tells whether work may be sent to it.
 *
 * @module
 */

/** Tells whether new work may be sent. */
export interface IReadiness {
  /** Whether new work may be sent. */
  readonly ready: boolean
  /** Calls `listener` with each change until the returned function is called. */
  onReadyChange(listener: (ready: boolean) => void): () => void
}

/** A program of which somebody outside, such as a runner, may say that no new work shall be sent. */
export interface IReadinessControl {
  /** Takes readiness away, whatever the program itself says; a second call changes nothing. */
  withholdReady(): void
  /** Leaves it to the program again. */
  allowReady(): void
}
