import type { ILog, IService } from '@sennit/interfaces'
import { Application, hooks, MultiService } from '@sennit/service'
import { describe, expect, it } from 'vitest'
import { applicationAround, asApplication } from '../src/as-application.ts'

const log: ILog = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
const other: ILog = { ...log }

/** A service that tells the log that it has when it starts. */
function logged(): { service: IService; seen: ILog[] } {
  const seen: ILog[] = []
  return { seen, service: hooks('a', { start: ({ context }) => void seen.push(context.log) }) }
}

describe('asApplication', () => {
  it('gives an application the log, and leaves it as it is', async () => {
    const { service, seen } = logged()
    const application = new Application('app', {}, [service])
    expect(asApplication(application, 'module', log)).toBe(application)
    await application.startService()
    expect(seen).toEqual([log])
    await application.stopService()
  })

  it('leaves an application its own log', async () => {
    const { service, seen } = logged()
    const application = asApplication(new Application('app', { log: other }, [service]), 'module', log)
    await application.startService()
    expect(seen[0]).toBe(other)
    await application.stopService()
  })

  it('puts a service under an application named after the module, so that it has the log', async () => {
    const { service, seen } = logged()
    const application = asApplication(service, 'module', log) as Application
    expect(application).toBeInstanceOf(Application)
    expect([application.name, [...application]]).toEqual(['module', [service]])
    await application.startService()
    expect(seen[0]).toBe(log)
    await application.stopService()
  })

  it('does so with a collection, whose children have the log unless they have their own', async () => {
    const [first, second] = [logged(), logged()]
    const collection = new MultiService({ name: 'many' }, [
      first.service,
      new MultiService({ name: 'own', log: other }, [second.service]),
    ])
    const application = asApplication(collection, 'module', log)
    await application.startService()
    expect([first.seen[0], second.seen[0]]).toEqual([log, other])
    expect(first.seen[0]).toBe(log)
    expect(second.seen[0]).toBe(other)
    await application.stopService()
  })

  it('does so with anything that can be started, though it knows of no parent', async () => {
    const journal: string[] = []
    const bare = {
      name: 'bare',
      privilegedStartService: () => void journal.push('privileged'),
      startService: () => void journal.push('start'),
      stopService: () => void journal.push('stop'),
    } as unknown as IService
    const application = asApplication(bare, 'module', log)
    await application.privilegedStartService()
    await application.startService()
    await application.stopService()
    expect(journal).toEqual(['privileged', 'start', 'stop'])
  })

  it('does so with an application of another copy of the package', async () => {
    class Foreign extends MultiService {
      readonly uid = 33
      readonly gid = 'www-data'
      readonly processName = 'web'
    }
    const foreign = new Foreign({ name: 'app', startTimeout: '3s', stopTimeout: '5s' })
    const { uid, gid, processName, startTimeout, stopTimeout } = asApplication(
      foreign,
      'module',
      log,
    ) as Application
    expect({ uid, gid, processName, startTimeout, stopTimeout }).toEqual({
      uid: 33,
      gid: 'www-data',
      processName: 'web',
      startTimeout: 3,
      stopTimeout: 5,
    })
  })

  it('leaves a service that has a parent where it is', () => {
    const child = hooks('a', {})
    const application = new Application('app', {}, [child])
    expect(asApplication(child, 'module', log)).toBe(child)
    expect(child.parent).toBe(application)
    const inner = new Application('inner')
    void inner.setServiceParent(application)
    expect(asApplication(inner, 'module', log)).toBe(inner)
    expect(inner.parent).toBe(application)
  })
})

describe('applicationAround', () => {
  it('AP-14 puts what a plugin makes under a new application of its name, also an application', () => {
    const inner = new Application('inner', { uid: 33, gid: 34, processName: 'web', stopTimeout: '1m' })
    const application = applicationAround(inner, 'plugin', log)
    expect(application).not.toBe(inner)
    expect([application.name, application.uid, application.gid, application.stopTimeout]).toEqual([
      'plugin',
      33,
      34,
      60,
    ])
    expect(inner.parent).toBe(application)
  })
})
