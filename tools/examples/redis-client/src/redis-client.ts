/**
 * The client: keeps one connection up, and gives every command to the one that stands.
 *
 * @module
 */
import { ClientService, type ClientServiceOptions } from '@sennit/client'
import { clientFromString } from '@sennit/endpoints'
import type { Duration } from '@sennit/interfaces'
import { Factory } from '@sennit/protocol'
import { RedisConnection } from './redis-connection.ts'
import type { Argument, Reply } from './resp.ts'

/** Options of `RedisClient`, beside those of every client service. */
export interface RedisClientOptions extends Omit<
  ClientServiceOptions<RedisConnection>,
  'isFatal' | 'prepareConnection'
> {
  /** @defaultValue none */
  readonly password?: string | undefined
  /** The number of the database. @defaultValue 0 */
  readonly database?: number | undefined
  /** How long a command is kept while there is no connection. @defaultValue '2s' */
  readonly patience?: Duration | undefined
  /** A server that owes replies and says nothing for so long is given up. @defaultValue '5s' */
  readonly replyTimeout?: Duration | undefined
}

/** No further attempt would help: the password is wrong, or there is none. */
const FATAL = new Set(['WRONGPASS', 'NOAUTH'])

/**
 * A client of one Redis server.
 *
 * @example
 * ```ts
 * const redis = new RedisClient('tcp:127.0.0.1:6379')
 * await redis.startService()
 * await redis.command('SET', 'greeting', 'hello')
 * ```
 */
export class RedisClient extends ClientService<RedisConnection> {
  readonly #patience: Duration

  /** @param place - such as `tcp:127.0.0.1:6379`, `tls:redis.example:6380` or `unix:/run/redis/redis.sock` */
  constructor(place: string, options: RedisClientOptions = {}) {
    const { password, database = 0, patience = '2s', replyTimeout = '5s', ...others } = options
    super(clientFromString(place), Factory.forProtocol(RedisConnection, replyTimeout), {
      ...others,
      // Only a connection that has passed this is handed out. A server that is still loading its data refuses the PING: it is tried again.
      prepareConnection: async (connection) => {
        if (password !== undefined) await connection.send('AUTH', password)
        if (database !== 0) await connection.send('SELECT', database)
        await connection.send('PING')
      },
      isFatal: ({ code }) => FATAL.has(code ?? ''),
    })
    this.#patience = patience
  }

  /**
   * Sends a command as soon as there is a connection, once: it is not sent again when the connection is lost.
   *
   * @throws RedisError, as a rejection, when the server refuses it
   * @throws ReplyLostError (`ERR_REDIS_REPLY_LOST`), as a rejection, when it was sent and its reply did not come
   * @throws TimeoutError (`ERR_SENNIT_TIMEOUT`), as a rejection, when it was not sent, since there was no connection for so long
   */
  async command(...words: Argument[]): Promise<Reply> {
    const connection = this.current ?? (await this.whenConnected({ timeout: this.#patience }))
    return connection.send(...words)
  }
}
