import { clientFromString, serverFromString } from '@sennit/endpoints'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Conversations, HalfCloseTalk } from '../src/conversation.ts'
import { Twisted, twistedIsThere } from '../src/twisted.ts'
import { HELLO, itTalks, served, talk, TCP } from './streams.ts'

const BYE = Buffer.from('bye\r\n')

describe.skipIf(!twistedIsThere)('TCP with Twisted', () => {
  let twisted: Twisted

  beforeAll(async () => {
    twisted = await Twisted.start()
  })
  afterAll(() => twisted[Symbol.asyncDispose]())

  itTalks(TCP, () => twisted)

  it('PR-15 their server that handles the directions apart goes on after our half-close', async () => {
    const server = await twisted.listen(TCP.theirServer(), 'HalfCloseTalk', { last: BYE.toString('hex') })
    const factory = talk({ send: HELLO, afterwards: 'end' })
    await clientFromString(TCP.toTheirs(server)).connect(factory)
    expect(await factory.reports.next()).toMatchObject({ reason: 'ConnectionDone', received: BYE })
    expect(await twisted.report(server)).toMatchObject({ received: HELLO.toString('hex') })
  })

  it('PR-15 our server that handles the directions apart goes on after their half-close', async () => {
    const factory = new Conversations((reports) => new HalfCloseTalk({ last: BYE }, reports))
    const wishes = { send: HELLO.toString('hex'), afterwards: 'end' }
    const client = await twisted.connect(await served(TCP, factory), 'HalfCloseTalk', wishes)
    const report = await twisted.report(client)
    expect(report).toMatchObject({ reason: 'ConnectionDone', received: BYE.toString('hex') })
    expect(await factory.reports.next()).toMatchObject({ reason: 'ConnectionDone', received: HELLO })
  })

  it('ER-02 a port that nobody listens on is refused, for both by the same name', async () => {
    const server = await twisted.listen(TCP.theirServer(), 'Talk')
    await twisted.stop(server)
    const to = TCP.toTheirs(server)
    const error = { name: 'ConnectionRefusedError' }
    await expect(twisted.connect(to, 'Talk')).rejects.toMatchObject(error)
    await expect(clientFromString(to).connect(talk({}))).rejects.toMatchObject(error)
  })

  it('PR-22 a busy port of theirs cannot be listened on, nor one of ours by them', async () => {
    const error = { name: 'CannotListenError' }
    const { port } = await twisted.listen(TCP.theirServer(), 'Talk')
    const theirs = serverFromString(`tcp:${port}:interface=127.0.0.1`)
    await expect(theirs.listen(talk({}))).rejects.toMatchObject(error)
    const ours = (await served(TCP, talk({}))).replace('tcp:127.0.0.1:', '')
    await expect(twisted.listen(`tcp:${ours}:interface=127.0.0.1`, 'Talk')).rejects.toMatchObject(error)
  })

  it('EP-58 over IPv6 as well, with the same strings', async () => {
    const server = await twisted.listen(String.raw`tcp6:0:interface=\:\:1`, 'Talk', { echo: true })
    const factory = talk({ send: HELLO, until: HELLO.length })
    await clientFromString(`tcp:[::1]:${server.port}`).connect(factory)
    expect(await factory.reports.next()).toMatchObject({ reason: 'ConnectionDone', received: HELLO })
    expect(await twisted.report(server)).toMatchObject({ received: HELLO.toString('hex') })
  })
})
