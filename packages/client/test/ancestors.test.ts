import type { IServiceCollection } from '@sennit/interfaces'
import { MultiService, Service } from '@sennit/service'
import { describe, expect, it } from 'vitest'
import { watchAncestors } from '../src/ancestors.ts'

function family() {
  const child = new Service()
  const group = new MultiService({ name: 'group' }, [child])
  const app = new MultiService({ name: 'app' }, [group])
  const calls: string[] = []
  return { child, group, app, calls, over: () => void calls.push('over') }
}

describe('watchAncestors', () => {
  it('tells when a service above is stopped', async () => {
    const { child, app, calls, over } = family()
    watchAncestors(child, over)
    await app.startService()
    expect(calls).toEqual([])
    await app.stopService()
    expect(calls).toContain('over')
  })

  it('tells at once when one has been stopped', async () => {
    const { child, app, calls, over } = family()
    await app.startService()
    await app.stopService()
    watchAncestors(child, over)()
    expect(calls).toEqual(['over'])
  })

  it('tells nothing after its end', async () => {
    const { child, app, calls, over } = family()
    watchAncestors(child, over)()
    await app.startService()
    await app.stopService()
    expect(calls).toEqual([])
  })

  it('tells nothing of a parent from which the service was taken away', async () => {
    const { child, group, app, calls, over } = family()
    watchAncestors(child, over)
    await child.disownServiceParent()
    await app.startService()
    await app.stopService()
    expect(group.running).toBe(false)
    expect(calls).toEqual([])
  })

  it('lets alone a parent that does not tell its state, and a service without one', () => {
    const { calls, over } = family()
    watchAncestors({ parent: {} as unknown as IServiceCollection }, over)()
    watchAncestors({ parent: undefined }, over)()
    expect(calls).toEqual([])
  })
})
