import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { IReactorTime } from '@sennit/interfaces'
import { handler } from '@sennit/protocol'
import { NodeReactor } from '@sennit/reactor'
import { deferLater, systemClock } from '@sennit/runtime'
import { MultiService } from '@sennit/service'
import { MemoryWorld } from '@sennit/testing'
import { serviceConformance } from '@sennit/testing/conformance'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { quoteStringArgument, service } from '../src/index.ts'

const kit = { describe, it }
const echo = handler((socket) => pipeline(socket, socket))
const tcp = () => 'tcp:0:interface=127.0.0.1'
const unix = (path: string) => `unix:${quoteStringArgument(path)}`

async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { timeout: 5000, interval: 5 }).toBe(true)
}

/** What is listened at: given another path each time. */
const places: [string, (path: string) => string | string[]][] = [
  ['tcp', tcp],
  ['unix', unix],
  ['several places', (path) => [tcp(), unix(path)]],
]

describe.each(places)('a service at %s, on real sockets', (_what, place) => {
  const reactor: IReactorTime = new NodeReactor()
  let folder: string
  let count = 0
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sennit-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  serviceConformance(kit, () => ({
    service: () => service(place(join(folder, String(count++))), echo, { reactor }),
    collection: () => new MultiService({ reactor }),
    run: <T>(work: T | PromiseLike<T>): Promise<T> => Promise.resolve(work),
    until,
    pass: (seconds: number): Promise<void> => deferLater(systemClock, seconds),
  }))
})

describe.each(places)('a service at %s, in a simulated world', (_what, place) => {
  serviceConformance(kit, () => {
    const world = new MemoryWorld({ seed: 1, patience: 0 })
    let count = 0
    return {
      service: () => service(place(`/run/${count++}`), echo, { reactor: world }),
      collection: () => new MultiService({ reactor: world }),
      run: (work) => world.run(work),
      until: (condition) => world.until(condition),
      pass: (seconds) => world.advance(seconds),
      dispose: () => world.assertQuiet(),
    }
  })
})
