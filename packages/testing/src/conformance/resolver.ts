/**
 * What every reactor does with names.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type {
  IHostnameResolver,
  IHostPort,
  IHostResolution,
  IReactorPluggableNameResolver,
  IReactorResolve,
  IReactorTCP,
  IReactorTime,
  IResolutionReceiver,
  ResolutionOptions,
  TCPConnectOptions,
} from '@sennit/interfaces'
import { internetAddress, UNIXAddress } from '@sennit/protocol'
import { AccumulatingProtocol } from '../accumulating-protocol.ts'
import { type ConformanceKit, type Maker, type Surroundings, caseWith } from './kit.ts'
import { ClientKeeper, Keeper, codeOf } from './stream-scene.ts'

/** What the suite for names is given. */
export interface ResolverSurroundings extends Surroundings {
  readonly reactor: IReactorTime & IReactorTCP & IReactorPluggableNameResolver & IReactorResolve
  /** A name that has these addresses, of both families. */
  readonly known: { readonly name: string; readonly addresses: readonly string[] }
  /** A name that has none. */
  readonly unknown: string
}

/** Keeps what it is told. */
class Receiver implements IResolutionReceiver {
  readonly told: string[] = []
  error: Error | undefined
  resolutionBegan({ name }: IHostResolution): void {
    this.told.push(`began ${name}`)
  }
  addressResolved({ host, port }: IHostPort): void {
    this.told.push(`${host} ${port}`)
  }
  resolutionComplete(error?: Error): void {
    this.told.push('complete')
    this.error = error
  }
}

/** Answers when it is told to. */
class Scripted implements IHostnameResolver {
  receiver: IResolutionReceiver | undefined
  options: ResolutionOptions | undefined
  cancelled = 0
  resolveHostName(receiver: IResolutionReceiver, name: string, options?: ResolutionOptions): IHostResolution {
    const resolution = { name, cancel: () => void this.cancelled++ }
    this.receiver = receiver
    this.options = options
    receiver.resolutionBegan(resolution)
    return resolution
  }

  answer(...addresses: IHostPort[]): void {
    for (const address of addresses) this.receiver!.addressResolved(address)
    this.receiver!.resolutionComplete()
  }
}

/** The suite for the roles `IHostnameResolver`, `IReactorPluggableNameResolver` and `IReactorResolve`. */
export function resolverConformance(kit: ConformanceKit, make: Maker<ResolverSurroundings>): void {
  const it = caseWith(kit, make)

  kit.describe('IHostnameResolver', () => {
    it('RX-25 tells that it began, inside the call, then each address, then that there are no more', async (made) => {
      const { name, addresses } = made.known
      const receiver = new Receiver()
      const resolution = made.reactor.nameResolver.resolveHostName(receiver, name, { port: 80 })
      assert.equal(resolution.name, name)
      assert.deepEqual(receiver.told, [`began ${name}`])
      await made.until(() => receiver.told.includes('complete'))
      const told = addresses.map((address) => `${address} 80`)
      assert.deepEqual(receiver.told, [`began ${name}`, ...told, 'complete'])
      assert.equal(receiver.error, undefined)
    })

    it('RX-25 EP-41 tells of no address, and why, when the name has none', async (made) => {
      const receiver = new Receiver()
      made.reactor.nameResolver.resolveHostName(receiver, made.unknown)
      await made.until(() => receiver.told.includes('complete'))
      assert.deepEqual(receiver.told, [`began ${made.unknown}`, 'complete'])
      assert.ok(receiver.error instanceof Error)
    })

    it('RX-25 finds only the addresses of the family that is wanted', async (made) => {
      const { name, addresses } = made.known
      for (const family of [4, 6] as const) {
        const receiver = new Receiver()
        made.reactor.nameResolver.resolveHostName(receiver, name, { family })
        await made.until(() => receiver.told.includes('complete'))
        const wanted = addresses.filter((address) => address.includes(':') === (family === 6))
        assert.deepEqual(
          receiver.told.slice(1, -1),
          wanted.map((address) => `${address} 0`),
        )
      }
    })

    it('RX-25 takes an address for its own', async (made) => {
      for (const literal of ['10.0.0.1', '::1']) {
        const receiver = new Receiver()
        made.reactor.nameResolver.resolveHostName(receiver, literal, { port: 5 })
        await made.until(() => receiver.told.includes('complete'))
        assert.deepEqual(receiver.told, [`began ${literal}`, `${literal} 5`, 'complete'])
      }
    })

    it('RX-25 finds nothing for an address of another family', async (made) => {
      for (const [literal, family] of [
        ['10.0.0.1', 6],
        ['::1', 4],
      ] as const) {
        const receiver = new Receiver()
        made.reactor.nameResolver.resolveHostName(receiver, literal, { family })
        await made.until(() => receiver.told.includes('complete'))
        assert.deepEqual(receiver.told, [`began ${literal}`, 'complete'])
      }
    })

    it('RX-25 refuses what is no name, and what is no port', async (made) => {
      const { nameResolver } = made.reactor
      const refused = { code: 'ERR_SENNIT_REACTOR_OPTION' }
      for (const name of ['', 'a\0b', 7 as unknown as string]) {
        assert.throws(() => nameResolver.resolveHostName(new Receiver(), name), refused)
      }
      const port = 70_000
      assert.throws(() => nameResolver.resolveHostName(new Receiver(), made.known.name, { port }), refused)
    })

    it('RX-25 tells nothing any more when it is cancelled', async (made) => {
      const { name } = made.known
      const receiver = new Receiver()
      made.reactor.nameResolver.resolveHostName(receiver, name).cancel()
      const other = new Receiver()
      made.reactor.nameResolver.resolveHostName(other, name)
      await made.until(() => other.told.includes('complete'))
      assert.deepEqual(receiver.told, [`began ${name}`])
    })
  })

  kit.describe('IReactorResolve', () => {
    it('RX-24 finds the first IPv4 address of a name', async (made) => {
      const { name, addresses } = made.known
      const address = await made.run(made.reactor.resolve(name))
      assert.equal(
        address,
        addresses.find((each) => !each.includes(':')),
      )
    })

    it('RX-24 takes the empty name for all addresses, and an address for its own', async (made) => {
      assert.equal(await made.run(made.reactor.resolve('')), '0.0.0.0')
      assert.equal(await made.run(made.reactor.resolve('10.1.2.3')), '10.1.2.3')
    })

    it('RX-24 rejects when there is none', async (made) => {
      await assert.rejects(made.run(made.reactor.resolve(made.unknown)), {
        name: 'DNSLookupError',
        hostname: made.unknown,
      })
    })

    it('RX-24 asks the resolver that is installed', async (made) => {
      const scripted = new Scripted()
      made.reactor.installNameResolver(scripted)
      const address = made.reactor.resolve('a.example')
      scripted.answer(internetAddress('TCP', '10.0.0.7', 0))
      assert.equal(await made.run(address), '10.0.0.7')
    })
  })

  kit.describe('IReactorPluggableNameResolver', () => {
    /** An attempt that asks a scripted resolver. */
    function attempt(made: ResolverSurroundings, port: number, options: TCPConnectOptions = {}) {
      const scripted = new Scripted()
      const before = made.reactor.nameResolver
      assert.equal(made.reactor.installNameResolver(scripted), before)
      const client = new ClientKeeper(() => new AccumulatingProtocol())
      const connector = made.reactor.connectTCP('a.example', port, client, options)
      return { scripted, client, connector }
    }

    /** A port, and addresses at which it is, or nothing is. */
    async function listening(made: ResolverSurroundings) {
      const server = new Keeper(() => new AccumulatingProtocol())
      const listener = await made.run(made.reactor.listenTCP(0, server, { interface: '127.0.0.1' }))
      const { port } = listener.getHost() as IHostPort
      return {
        server,
        port,
        here: internetAddress('TCP', '127.0.0.1', port),
        nowhere: internetAddress('TCP', '127.0.0.9', port),
        async stop() {
          await made.run(listener.stopListening())
        },
      }
    }

    it('RX-25 gives the resolver back that was there before', async ({ reactor }) => {
      const first = reactor.nameResolver
      const scripted = new Scripted()
      assert.equal(reactor.installNameResolver(scripted), first)
      assert.equal(reactor.nameResolver, scripted)
      assert.equal(reactor.installNameResolver(first), scripted)
    })

    it('EP-26 EP-28 connects to the addresses that the resolver finds', async (made) => {
      const { port, here, nowhere, server, stop } = await listening(made)
      const { scripted, client, connector } = attempt(made, port)
      assert.deepEqual(scripted.options, { port, family: undefined })
      scripted.answer(here, nowhere)
      await made.until(() => client.built[0]?.made === true && server.built[0]?.made === true)
      const peer = client.first.transport.getPeer() as IHostPort
      assert.deepEqual([peer.host, peer.port], ['127.0.0.1', port])
      connector.disconnect()
      await stop()
    })

    it('EP-31 goes on to the next address at once when one fails', async (made) => {
      const { port, here, nowhere, stop } = await listening(made)
      const start = made.reactor.seconds()
      const { scripted, client, connector } = attempt(made, port, { attemptDelay: 3 })
      scripted.answer(nowhere, nowhere, here)
      await made.until(() => client.built[0]?.made === true)
      assert.ok(made.reactor.seconds() - start < 3)
      connector.disconnect()
      await stop()
    })

    it('EP-29 EP-30 fails when all addresses do, and says why of each', async (made) => {
      const { port, nowhere, stop } = await listening(made)
      const { scripted, client } = attempt(made, port)
      scripted.answer(nowhere, nowhere)
      await made.until(() => client.failure !== undefined)
      assert.equal(codeOf(client.failure), 'ECONNREFUSED')
      assert.equal((client.failure!.cause as AggregateError).errors.length, 2)
      await stop()
    })

    it('EP-33 fails with a DNSLookupError when there is no address', async (made) => {
      const { scripted, client } = attempt(made, 1)
      scripted.answer()
      await made.until(() => client.failure !== undefined)
      const { name, hostname } = client.failure as Error & { hostname?: string }
      assert.deepEqual([name, hostname], ['DNSLookupError', 'a.example'])
    })

    it('EP-34 ignores addresses of other kinds', async (made) => {
      const { port, here, stop } = await listening(made)
      const { scripted, client, connector } = attempt(made, port)
      scripted.answer(new UNIXAddress('/run/x') as unknown as IHostPort, here)
      await made.until(() => client.built[0]?.made === true)
      connector.disconnect()
      await stop()
    })

    it('EP-36 a lookup that is cancelled is a cancelled attempt', async (made) => {
      const controller = new AbortController()
      const { scripted, client } = attempt(made, 1, { signal: controller.signal })
      controller.abort()
      assert.equal(codeOf(client.failure), 'ABORT_ERR')
      assert.equal(scripted.cancelled, 1)
      scripted.answer(internetAddress('TCP', '127.0.0.1', 1))
      await made.pass(0.02)
      assert.equal(client.built.length, 0)
    })

    it('EP-37 asks for the family of the local address, or for the one that is wanted', async (made) => {
      const families = [
        [{ bindAddress: '127.0.0.1' }, 4],
        [{ bindAddress: ['::1', 0] as const }, 6],
        [{ family: 6 as const }, 6],
      ] as const
      for (const [options, family] of families) {
        const { scripted, connector } = attempt(made, 1, options)
        assert.equal(scripted.options?.family, family)
        connector.disconnect()
      }
    })

    it('EP-38 the timeout includes the lookup', async (made) => {
      const start = made.reactor.seconds()
      const { scripted, client } = attempt(made, 1, { timeout: 0.1 })
      await made.until(() => client.failure !== undefined)
      assert.ok(made.reactor.seconds() - start >= 0.1 - 1e-9)
      assert.equal(client.failure?.name, 'ConnectionTimeoutError')
      assert.equal(scripted.cancelled, 1)
    })
  })
}
