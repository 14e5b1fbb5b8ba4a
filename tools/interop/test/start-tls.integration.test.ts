import { readFileSync } from 'node:fs'
import { clientFromString } from '@sennit/endpoints'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Authority, type Identity } from '../src/certificates.ts'
import { Conversations } from '../src/conversation.ts'
import { StartTLS, type StartTLSReport } from '../src/start-tls.ts'
import { TemporaryFolder } from '../src/temporary-folder.ts'
import { Twisted, twistedIsThere } from '../src/twisted.ts'
import { served, TCP } from './streams.ts'

const LINES = Array.from({ length: 1000 }, (_, index) => `line ${index}`)
const REVERSED = LINES.map((line) => Buffer.from(line).reverse().toString())
const hex = (lines: readonly string[]): string[] => lines.map((line) => Buffer.from(line).toString('hex'))

describe.skipIf(!twistedIsThere)('startTLS with Twisted', () => {
  const folder = new TemporaryFolder()
  let twisted: Twisted
  let authority: Authority
  let localhost: Identity

  beforeAll(async () => {
    authority = new Authority(folder, 'authority')
    localhost = authority.identity('localhost')
    twisted = await Twisted.start()
  })
  afterAll(async () => {
    await twisted[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  it('our client makes a connection to their server private', async () => {
    const server = await twisted.listen(TCP.theirServer(), 'StartTLS', { pem: localhost.both, reverse: true })
    const tls = { servername: 'localhost', ca: readFileSync(authority.cert, 'utf8') }
    const factory = new Conversations<StartTLSReport>(
      (reports) => new StartTLS({ tls, send: LINES, until: LINES.length }, reports),
    )
    await clientFromString(TCP.toTheirs(server)).connect(factory)
    expect(await factory.reports.next()).toEqual({ reason: 'ConnectionDone', received: REVERSED })
    expect(await twisted.report(server)).toMatchObject({ reason: 'ConnectionDone', received: hex(LINES) })
  })

  it('their client makes a connection to our server private', async () => {
    const [key, cert] = [localhost.key, localhost.cert].map((file) => readFileSync(file, 'utf8'))
    const factory = new Conversations<StartTLSReport>(
      (reports) => new StartTLS({ tls: { isServer: true, key, cert }, reverse: true }, reports),
    )
    const to = await served(TCP, factory)
    const wishes = { authority: authority.cert, send: hex(LINES), until: LINES.length }
    const client = await twisted.connect(to, 'StartTLS', wishes)
    expect(await twisted.report(client)).toMatchObject({ reason: 'ConnectionDone', received: hex(REVERSED) })
    expect(await factory.reports.next()).toEqual({ reason: 'ConnectionDone', received: LINES })
  })
})
