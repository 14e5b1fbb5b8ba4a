/**
 * A client of Redis over one lasting connection.
 *
 * @module
 */
export { RedisError, ReplyLostError, RespError } from './errors.ts'
export { RedisClient, type RedisClientOptions } from './redis-client.ts'
export { RedisConnection } from './redis-connection.ts'
export { type Argument, encodeCommand, type Reply } from './resp.ts'
export { RespReceiver } from './resp-receiver.ts'
