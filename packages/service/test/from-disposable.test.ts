import { realTurn } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { fromDisposable, MultiService } from '../src/index.ts'
import { gate, outcome, outcomes } from './kit.ts'

const later = (journal: string[], name = 'x') => ({
  name,
  async [Symbol.asyncDispose]() {
    journal.push(`later ${name}`)
  },
})

const now = (journal: string[], name = 'x') => ({
  name,
  [Symbol.dispose]() {
    journal.push(`now ${name}`)
  },
})

describe('fromDisposable', () => {
  it('keeps a resource from the start to the stop, and disposes of it then', () => {
    const journal: string[] = []
    const resource = now(journal)
    const service = fromDisposable('scratch', resource)
    expect(service.startService()).toBeUndefined()
    expect(service.value).toBe(resource)
    expect(journal).toEqual([])
    expect(service.stopService()).toBeUndefined()
    expect(journal).toEqual(['now x'])
    expect(service.value).toBeUndefined()
  })

  it('awaits Symbol.asyncDispose, which goes before Symbol.dispose', async () => {
    const journal: string[] = []
    const service = fromDisposable('scratch', { ...now(journal), ...later(journal) })
    void service.startService()
    const stopped = service.stopService()
    expect(stopped).toBeInstanceOf(Promise)
    await stopped
    expect(journal).toEqual(['later x'])
  })

  it('makes a resource at each start, synchronously or not', async () => {
    const journal: string[] = []
    let count = 0
    for (const make of [() => now(journal, `${++count}`), async () => now(journal, `${++count}`)]) {
      const service = fromDisposable('scratch', make)
      expect(service.value).toBeUndefined()
      await service.startService()
      await service.stopService()
      await service.startService()
      expect(service.value).toMatchObject({ name: `${count}` })
      await service.stopService()
    }
    expect(journal).toEqual(['now 1', 'now 2', 'now 3', 'now 4'])
  })

  it('awaits a thenable of a factory that is no promise', async () => {
    const journal: string[] = []
    // oxlint-disable-next-line unicorn/no-thenable -- a thenable that is no promise is what is tested
    const made = { then: (done: (value: object) => void) => done(now(journal)) }
    const service = fromDisposable('scratch', () => made as never)
    await service.startService()
    expect(service.value).toMatchObject({ name: 'x' })
    await service.stopService()
    expect(journal).toEqual(['now x'])
  })

  it('cannot start a resource again that was given as it is', async () => {
    const service = fromDisposable('scratch', now([]))
    void service.startService()
    void service.stopService()
    expect(await outcome(service.startService())).toMatchObject({ code: 'ERR_SENNIT_DISPOSED' })
  })

  it('disposes of a resource that comes when the start was given up', async () => {
    const journal: string[] = []
    const making = gate()
    const service = fromDisposable('scratch', async () => {
      await making.promise
      return later(journal)
    })
    const started = service.startService()
    const stopped = service.stopService()
    making.open()
    expect((await outcomes(started, stopped))[1]).toBe('done')
    expect(journal).toEqual(['later x'])
  })

  it('gives the factory the signal, and takes options', async () => {
    let aborted: boolean | undefined
    const service = fromDisposable(
      'scratch',
      ({ signal }) => {
        aborted = signal.aborted
        return now([])
      },
      { onFailure: 'log' },
    )
    void new MultiService({}, [service]).startService()
    await realTurn()
    expect(aborted).toBe(false)
  })

  it('takes a disposable function for a resource', () => {
    const journal: string[] = []
    const resource = Object.assign(() => journal.push('called') as never, {
      [Symbol.dispose]: () => void journal.push('now x'),
    })
    const service = fromDisposable('scratch', resource)
    void service.startService()
    void service.stopService()
    expect(journal).toEqual(['now x'])
  })

  it.each([undefined, null, 7, {}])('refuses %s', (resource) => {
    expect(() => fromDisposable('scratch', resource as never)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_SERVICE_OPTION', option: 'resource' }),
    )
  })
})
