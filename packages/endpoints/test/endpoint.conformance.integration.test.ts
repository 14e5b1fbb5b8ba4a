import { mkdtempSync, rmSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { IHostPort, IListeningPort, IReactorTime, IStreamServerEndpoint } from '@sennit/interfaces'
import { NodeReactor } from '@sennit/reactor'
import { deferLater, systemClock } from '@sennit/runtime'
import { authority, MemoryWorld } from '@sennit/testing'
import { endpointConformance, type EndpointSurroundings } from '@sennit/testing/conformance'
import { describe, expect, it } from 'vitest'
import {
  clientFromString,
  CombinedServerEndpoint,
  HostnameEndpoint,
  quoteStringArgument,
  serverFromString,
  TLSClientEndpoint,
  TLSServerEndpoint,
  UNIXClientEndpoint,
  UNIXServerEndpoint,
  wrapClientTLS,
} from '../src/index.ts'

const kit = { describe, it }
const root = authority('Root of the endpoints')
const credentials = root.issue('localhost', { names: ['localhost'] })
const trusting = { ca: root.cert, servername: 'localhost' }
const hasIPv6 = Object.values(networkInterfaces()).some((list) =>
  list?.some(({ address }) => address === '::1'),
)
const portOf = (port: IListeningPort) => (port.getHost() as IHostPort).port

type Pair = Omit<EndpointSurroundings, 'run' | 'until' | 'pass'>

/** The pairs of endpoints that belong together, on any reactor; `path` is one at which nobody listens. */
function pairs(reactor: () => IReactorTime, path: () => string): [string, () => Pair][] {
  const at = (description: string) => serverFromString(description, { reactor: reactor() })
  const client = (description: string) => clientFromString(description, { reactor: reactor() })
  const local = 'interface=127.0.0.1'
  const again =
    (type: string, rest = local) =>
    (port: IListeningPort) =>
      at(`${type}:${portOf(port)}:${rest}`)
  const secure = (port = 0): IStreamServerEndpoint =>
    new TLSServerEndpoint(port, credentials, { interface: '127.0.0.1', reactor: reactor() })
  return [
    [
      'tcp',
      () => ({
        server: at(`tcp:0:${local}`),
        client: (port) => client(`tcp:127.0.0.1:${portOf(port)}`),
        again: again('tcp'),
      }),
    ],
    [
      'tcp to a name',
      () => ({
        server: at(`tcp:0:${local}`),
        client: (port) => new HostnameEndpoint('localhost', portOf(port), { reactor: reactor() }),
        again: again('tcp'),
      }),
    ],
    [
      'tcp6',
      () => ({
        server: at('tcp6:0:interface=[::1]'),
        client: (port) => client(`tcp6:[::1]:${portOf(port)}`),
        again: again('tcp6', 'interface=[::1]'),
      }),
    ],
    [
      'tls',
      () => ({
        server: secure(),
        client: (port) => new TLSClientEndpoint('127.0.0.1', portOf(port), trusting, { reactor: reactor() }),
        again: (port) => secure(portOf(port)),
      }),
    ],
    [
      'tls around tcp',
      () => ({
        server: secure(),
        client: (port) => wrapClientTLS(trusting, client(`tcp:127.0.0.1:${portOf(port)}`)),
        again: (port) => secure(portOf(port)),
      }),
    ],
    [
      'unix',
      () => {
        const place = path()
        return {
          server: new UNIXServerEndpoint(place, { reactor: reactor() }),
          client: () => client(`unix:${quoteStringArgument(place)}`),
          again: () => new UNIXServerEndpoint(place, { reactor: reactor() }),
        }
      },
    ],
    [
      'several at once',
      () => {
        const place = path()
        return {
          server: new CombinedServerEndpoint([
            at(`tcp:0:${local}`),
            new UNIXServerEndpoint(place, { reactor: reactor() }),
          ]),
          client: () => new UNIXClientEndpoint(place, { reactor: reactor() }),
        }
      },
    ],
  ]
}

describe('endpoints on real sockets', () => {
  const reactor = new NodeReactor()
  let folder = ''
  const real = {
    run: <T>(work: T | PromiseLike<T>): Promise<T> => Promise.resolve(work),
    until: async (condition: () => boolean): Promise<void> => {
      await expect.poll(condition, { timeout: 5000, interval: 5 }).toBe(true)
    },
    pass: (seconds: number): Promise<void> => deferLater(systemClock, seconds),
    dispose: () => {
      if (folder !== '') rmSync(folder, { recursive: true })
      folder = ''
    },
  }
  const path = () => join((folder = mkdtempSync(join(tmpdir(), 'sennit-'))), 'a.sock')
  const possible = pairs(() => reactor, path).filter(([what]) => hasIPv6 || what !== 'tcp6')
  describe.each(possible)('%s', (_what, pair) => {
    endpointConformance(kit, () => ({ ...real, ...pair() }))
  })
})

describe('endpoints in a simulated world', () => {
  let world = new MemoryWorld()
  const all = pairs(
    () => world,
    () => '/run/a.sock',
  )
  describe.each(all)('%s', (what, pair) => {
    endpointConformance(kit, () => {
      world = new MemoryWorld({ seed: 1 })
      const mine = world
      mine.partition('nowhere')
      const silent = clientFromString('tcp:nowhere:80', { reactor: mine })
      return {
        run: (work) => mine.run(work),
        until: (condition) => mine.until(condition, { timeout: '1m' }),
        pass: (seconds) => mine.advance(seconds),
        dispose: async () => {
          await mine.advance('2s')
          mine.assertQuiet()
        },
        silent: what === 'tcp' ? silent : undefined,
        ...pair(),
      }
    })
  })
})
