import { clientFromString } from '@sennit/endpoints'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TemporaryFolder } from '../src/temporary-folder.ts'
import { Twisted, twistedIsThere } from '../src/twisted.ts'
import { HELLO, itTalks, served, talk, type Way } from './streams.ts'

describe.skipIf(!twistedIsThere)('UNIX sockets with Twisted', () => {
  const folder = new TemporaryFolder()
  let twisted: Twisted
  let theirs = 0
  let ours = 0

  const WAY: Way = {
    theirServer: () => `unix:${folder.file(`theirs-${++theirs}`)}`,
    toTheirs: () => `unix:${folder.file(`theirs-${theirs}`)}`,
    ourServer: () => `unix:${folder.file(`ours-${++ours}`)}`,
    toOurs: () => `unix:${folder.file(`ours-${ours}`)}`,
    aborted: 'ConnectionDone',
  }

  beforeAll(async () => {
    twisted = await Twisted.start()
  })
  afterAll(async () => {
    await twisted[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  itTalks(WAY, () => twisted)

  it('PR-27 our client finds the lock of their server, and theirs that of ours', async () => {
    const server = await twisted.listen(WAY.theirServer(), 'Talk', { echo: true })
    const factory = talk({ send: HELLO, until: HELLO.length })
    await clientFromString(`${WAY.toTheirs(server)}:lockfile=1`).connect(factory)
    expect(await factory.reports.next()).toMatchObject({ received: HELLO })

    const wishes = { send: HELLO.toString('hex'), until: HELLO.length }
    const to = `${await served(WAY, talk({ echo: true }))}:lockfile=1`
    const client = await twisted.connect(to, 'Talk', wishes)
    expect(await twisted.report(client)).toMatchObject({ received: HELLO.toString('hex') })
  })

  it('PR-26 a socket of ours that lives is refused to them, and one of theirs to us', async () => {
    const ours = await served(WAY, talk({}))
    await expect(twisted.listen(ours, 'Talk')).rejects.toMatchObject({ name: 'CannotListenError' })
    const server = await twisted.listen(WAY.theirServer(), 'Talk')
    const again: Way = { ...WAY, ourServer: () => WAY.toTheirs(server) }
    await expect(served(again, talk({}))).rejects.toMatchObject({ name: 'CannotListenError' })
  })

  it('PR-26 the socket and the lock that a killed server of theirs left behind are taken over', async () => {
    const doomed = await Twisted.start()
    const server = await doomed.listen(WAY.theirServer(), 'Talk')
    await doomed.kill()
    const factory = talk({ echo: true })
    const to = await served(
      { ...WAY, ourServer: () => WAY.toTheirs(server), toOurs: () => WAY.toTheirs(server) },
      factory,
    )
    const client = await twisted.connect(to, 'Talk', { send: HELLO.toString('hex'), until: HELLO.length })
    expect(await twisted.report(client)).toMatchObject({ received: HELLO.toString('hex') })
  })
})
