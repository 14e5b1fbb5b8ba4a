/** On real sockets: servers at ports that the system picks, clients at ones where nobody listens. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { NodeReactor } from '@sennit/reactor'
import { deferLater, systemClock } from '@sennit/runtime'
import { MultiService } from '@sennit/service'
import { serviceConformance } from '@sennit/testing/conformance'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { everyWrapper } from './every-wrapper.ts'

let folder: string
let count = 0
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sennit-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { timeout: 5000, interval: 5 }).toBe(true)
}

describe.each(everyWrapper)('%s on real sockets', (name, make) => {
  const reactor = new NodeReactor()
  // Nobody may listen at the port of the discard service; a server has a port picked.
  const port = name.endsWith('Client') ? 9 : 0
  serviceConformance({ describe, it }, () => ({
    service: () => make({ port, path: join(folder, String(count++)), reactor }),
    collection: () => new MultiService({ reactor }),
    run: <T>(work: T | PromiseLike<T>): Promise<T> => Promise.resolve(work),
    until,
    pass: (seconds: number): Promise<void> => deferLater(systemClock, seconds),
  }))
})
