import { afterAll, beforeAll, describe, it } from 'vitest'
import { deferLater, systemClock } from '@sennit/runtime'
import {
  adoptConformance,
  coreConformance,
  filesConformance,
  multicastConformance,
  resolverConformance,
  tcpConformance,
  timeConformance,
  udpConformance,
  unixConformance,
  unixDatagramConformance,
} from '@sennit/testing/conformance'
import { MemoryLog } from '@sennit/testing'
import { NodeReactor } from '../src/index.ts'
import { FolderTree } from './file-tree.ts'
import { Cleanup, deafPort, TestLog, until } from './kit.ts'
import { KnownNames } from './known-names.ts'
import { OthersSockets } from './others-sockets.ts'
import { SocketFolder } from './socket-folder.ts'

const kit = { describe, it }

const real = {
  run: <T>(work: T | PromiseLike<T>): Promise<T> => Promise.resolve(work),
  until: (condition: () => boolean): Promise<void> => until(condition),
  pass: (seconds: number): Promise<void> => deferLater(systemClock, seconds),
}

describe('NodeReactor', () => {
  const cleanup = new Cleanup()
  let silent: { host: string; port: number }

  beforeAll(async () => {
    const { number } = await deafPort(cleanup, '127.0.0.1')
    silent = { host: '127.0.0.1', port: number }
  })
  afterAll(() => cleanup.run())

  tcpConformance(kit, () => ({ ...real, reactor: new NodeReactor(), silent }))
  unixConformance(kit, () => {
    const { path, modeOf, put, remove, dispose } = new SocketFolder()
    return { ...real, path, modeOf, put, remove, dispose, reactor: new NodeReactor() }
  })
  udpConformance(kit, () => ({ ...real, reactor: new NodeReactor() }))
  adoptConformance(kit, () => {
    const { open, openUDP, accept, unused, dispose } = new OthersSockets()
    return { ...real, open, openUDP, accept, unused, dispose, reactor: new NodeReactor() }
  })
  resolverConformance(kit, () => {
    const known = { name: 'two.example', addresses: ['::1', '10.0.0.1', '10.0.0.2'] }
    const { dispose } = new KnownNames({ [known.name]: known.addresses })
    return { ...real, reactor: new NodeReactor(), known, unknown: 'no.example', dispose }
  })
  multicastConformance(kit, () => ({ ...real, reactor: new NodeReactor() }))
  unixDatagramConformance(kit, () => {
    const files = new FolderTree()
    const { folder } = files
    return { ...real, folder, reactor: new NodeReactor(), dispose: () => files.dispose() }
  })
  filesConformance(kit, () => {
    const [log, files] = [new MemoryLog(), new FolderTree()]
    return { ...real, log, files, reactor: new NodeReactor({ log }), dispose: () => files.dispose() }
  })
  coreConformance(kit, () => {
    const [log, shutdownTimeout] = [new MemoryLog(), 0.05]
    return { ...real, log, shutdownTimeout, reactor: new NodeReactor({ log, shutdownTimeout }) }
  })
  timeConformance(kit, () => {
    const log = new TestLog()
    return {
      ...real,
      clock: new NodeReactor({ log }),
      unit: 0.02,
      isExact: false,
      refusesNegative: true,
      errors: () => log.entries.map(({ err }) => err),
    }
  })
})
