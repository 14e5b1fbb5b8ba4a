/**
 * What can go wrong with a command.
 *
 * @module
 */

/** The server has refused a command. Its first word is the `code`, such as `'WRONGTYPE'` or `'ERR'`. */
export class RedisError extends Error {
  override readonly name = 'RedisError'
  readonly code: string

  constructor(message: string) {
    super(message)
    this.code = message.split(' ', 1)[0]!
  }
}

/** The connection went before the reply came: nobody knows whether the command was carried out. */
export class ReplyLostError extends Error {
  override readonly name = 'ReplyLostError'
  readonly code = 'ERR_REDIS_REPLY_LOST'

  constructor(cause: Error) {
    super('The connection was lost before the reply came', { cause })
  }
}

/** What came is not what a Redis server says. */
export class RespError extends Error {
  override readonly name = 'RespError'
  readonly code = 'ERR_REDIS_PROTOCOL'
}
