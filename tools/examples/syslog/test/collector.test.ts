import { ConnectedDatagramProtocol } from '@sennit/protocol'
import { Application } from '@sennit/service'
import { MemoryWorld } from '@sennit/testing'
import { expect, it } from 'vitest'
import { SyslogCollector } from '../src/collector.ts'
import type { SyslogMessage } from '../src/syslog-message.ts'

it('takes messages while it runs, counts what is none, and leaves no file', async () => {
  const world = new MemoryWorld({ seed: 1 })
  const taken: SyslogMessage[] = []
  const collector = new SyslogCollector('/run/log.sock', (message) => taken.push(message))
  world.files.makeFolder('/run')
  const application = new Application('syslog', {}, [collector])
  application.reactor = world
  await world.run(application.startService())
  expect(world.files.modeOf('/run/log.sock')! & 0o777).toBe(0o666)
  const job = new ConnectedDatagramProtocol()
  const sending = world.connectUNIXDatagram('/run/log.sock', job)
  await world.advance(0)
  for (const text of ['<14>Nov 26 12:50:01 job: done', 'hello']) job.transport.write(Buffer.from(text))
  await world.advance('1s')
  expect(taken).toMatchObject([{ app: 'job', text: 'done' }])
  expect(collector.describe().facts).toMatchObject({ collected: 1, refused: 1 })
  await world.run(Promise.resolve(sending.disconnect()))
  await world.run(application.stopService())
  world.assertQuiet()
})
