/**
 * A program with the client: counts in Redis, once a second, and says so. `node dist/main.js [PLACE] [INTERVAL]`
 *
 * @module
 */
import type { Duration } from '@sennit/interfaces'
import { run } from '@sennit/run'
import { Application } from '@sennit/service'
import { TimerService } from '@sennit/timer'
import { RedisClient } from './redis-client.ts'

const [place = 'tcp:127.0.0.1:6379', interval = '1s'] = process.argv.slice(2)

const redis = new RedisClient(place, { name: 'redis' })
const count = async (): Promise<void> => {
  try {
    console.log(`count ${String(await redis.command('INCR', 'count'))}`)
  } catch (error) {
    console.log(`not counted: ${(error as Error).message}`)
  }
}

await run(
  new Application('counter', {}, [redis, new TimerService(interval as Duration, count, { name: 'count' })]),
)
