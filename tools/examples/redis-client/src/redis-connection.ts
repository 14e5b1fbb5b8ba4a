/**
 * One connection to a Redis server.
 *
 * Commands are sent at once, without waiting for the replies to those before (pipelining). A Redis server answers in the order in which it was
 * asked, so each reply belongs to the oldest command that has none.
 *
 * @module
 */
import type { Duration, IStopRequested } from '@sennit/interfaces'
import { TimeoutMixin } from '@sennit/protocol'
import { TimeoutError } from '@sennit/runtime'
import { RedisError, ReplyLostError, RespError } from './errors.ts'
import { type Argument, encodeCommand, type Reply } from './resp.ts'
import { RespReceiver } from './resp-receiver.ts'

interface Question {
  readonly resolve: (reply: Reply) => void
  readonly reject: (error: Error) => void
}

/** Sends commands, and settles each with its reply. Every promise settles, at the latest when the connection is gone. */
export class RedisConnection extends TimeoutMixin(RespReceiver) implements IStopRequested {
  readonly #replyTimeout: Duration
  /** The commands that were sent and not answered, the oldest first. */
  readonly #questions: Question[] = []
  #stopping = false

  /** @param replyTimeout - a server that owes replies and says nothing for so long is given up */
  constructor(replyTimeout: Duration) {
    super()
    this.#replyTimeout = replyTimeout
  }

  /**
   * @throws RedisError, as a rejection, when the server says so
   * @throws ReplyLostError (`ERR_REDIS_REPLY_LOST`), as a rejection, when the connection goes before the reply comes
   */
  send(...words: Argument[]): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (!this.connected || this.#stopping)
        throw new Error('Cannot send a command: the connection is closed')
      if (this.#questions.length === 0) this.setTimeout(this.#replyTimeout)
      this.#questions.push({ resolve, reject })
      this.transport.write(encodeCommand(words))
    })
  }

  override replyReceived(reply: Reply): void {
    const question = this.#questions.shift()
    if (question === undefined)
      return this.parseFailed(new RespError('A reply came that nobody has asked for'))
    if (reply instanceof RedisError) question.reject(reply)
    else question.resolve(reply)
    if (this.#questions.length > 0) return
    this.setTimeout(undefined)
    if (this.#stopping) this.transport.loseConnection()
  }

  /** The time runs while replies are owed, and begins anew with whatever comes. */
  override dataReceived(data: Uint8Array): void {
    this.resetTimeout()
    super.dataReceived(data)
  }

  override timeoutConnection(): void {
    this.transport.abortConnection(new TimeoutError('Waiting for a reply', this.timeOut))
  }

  override connectionLost(reason: Error): void {
    super.connectionLost(reason)
    for (const { reject } of this.#questions.splice(0)) reject(new ReplyLostError(reason))
  }

  /** The client stops: takes no more commands, and closes when the last reply has come. */
  stopRequested(): void {
    this.#stopping = true
    if (this.#questions.length === 0) this.transport.loseConnection()
  }
}
