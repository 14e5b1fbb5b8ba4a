import { clientFromString } from '@sennit/endpoints'
import type { IPv4Address } from '@sennit/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Authority, type Identity } from '../src/certificates.ts'
import { TemporaryFolder } from '../src/temporary-folder.ts'
import { Twisted, twistedIsThere } from '../src/twisted.ts'
import { itTalks, served, talk, type Way } from './streams.ts'

describe.skipIf(!twistedIsThere)('TLS with Twisted', () => {
  const folder = new TemporaryFolder()
  let twisted: Twisted
  let authority: Authority
  let localhost: Identity
  let other: Identity

  const ssl = ({ key, cert }: Identity): string =>
    `ssl:0:privateKey=${key}:certKey=${cert}:interface=127.0.0.1`
  const tls = (port: number, roots = authority.folder): string => `tls:localhost:${port}:trustRoots=${roots}`

  const WAY: Way = {
    theirServer: () => ssl(localhost),
    toTheirs: ({ port }) => tls(port),
    ourServer: () => ssl(localhost),
    toOurs: (host) => tls((host as IPv4Address).port),
    aborted: 'ConnectionLost',
  }

  beforeAll(async () => {
    authority = new Authority(folder, 'authority')
    localhost = authority.identity('localhost')
    other = authority.identity('other.example')
    twisted = await Twisted.start()
  })
  afterAll(async () => {
    await twisted[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  itTalks(WAY, () => twisted)

  it('EP-75 a certificate for another name is refused: theirs by our client', async () => {
    const { port } = await twisted.listen(ssl(other), 'Talk')
    await expect(clientFromString(tls(port)).connect(talk({}))).rejects.toMatchObject({
      name: 'SSLError',
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    })
  })

  it('EP-75 a certificate of an authority that is not trusted is refused: theirs by our client', async () => {
    const { port } = await twisted.listen(ssl(localhost), 'Talk')
    const stranger = new Authority(folder, 'stranger')
    await expect(clientFromString(tls(port, stranger.folder)).connect(talk({}))).rejects.toMatchObject({
      name: 'SSLError',
    })
  })

  it('a certificate for another name is refused: ours by their client', async () => {
    const factory = talk({})
    const to = await served({ ...WAY, ourServer: () => ssl(other) }, factory)
    // Their client counts a connection from before the handshake; it is then lost.
    const client = await twisted.connect(to, 'Talk')
    expect(await twisted.report(client)).toMatchObject({ reason: 'VerificationError', length: 0 })
  })
})
