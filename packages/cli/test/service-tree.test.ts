import type { Description, IService } from '@sennit/interfaces'
import { Application, hooks, MultiService, Service } from '@sennit/service'
import { describe, expect, it } from 'vitest'
import { idleTree } from '../src/service-tree.ts'

class Labelled extends Service {
  protected override get pathLabel(): string {
    return 'unix:/run/x.sock'
  }
  protected override facts(): Record<string, string> {
    return { endpoint: 'unix:/run/x.sock' }
  }
}

let count = 0

class Listing extends Service {
  endpoint = ''
  protected override facts(): Record<string, string> {
    return { endpoint: this.endpoint }
  }
}

class Broken extends Service {
  protected override facts(): never {
    throw new Error('no facts')
  }
}

function tree(root: IService): { tree: ReturnType<typeof idleTree>; problems: string[] } {
  const problems: string[] = []
  return { tree: idleTree(root, problems), problems }
}

describe('idleTree', () => {
  it('tells the kind, the name, the facts and the options of each service', () => {
    const root = new Application('app', { uid: 'web', stopTimeout: '3s', processName: 'web' }, [
      hooks('a', {}, { startTimeout: '1s' }),
      new MultiService({ name: 'many' }, [new Labelled(), new Labelled({ name: 'named' })]),
    ])
    expect(tree(root)).toEqual({
      problems: [],
      tree: {
        label: 'app',
        kind: 'Application',
        error: undefined,
        facts: [
          ['services', 2],
          ['stopTimeout', 3],
          ['uid', 'web'],
          ['processName', 'web'],
        ],
        children: [
          { label: 'a', kind: 'HookService', error: undefined, facts: [['startTimeout', 1]], children: [] },
          {
            label: 'many',
            kind: 'MultiService',
            error: undefined,
            facts: [['services', 2]],
            children: [
              {
                label: 'unix:/run/x.sock',
                kind: 'Labelled',
                error: undefined,
                facts: [['endpoint', 'unix:/run/x.sock']],
                children: [],
              },
              {
                label: 'named',
                kind: 'Labelled',
                error: undefined,
                facts: [['endpoint', 'unix:/run/x.sock']],
                children: [],
              },
            ],
          },
        ],
      },
    })
  })

  it('starts nothing', () => {
    const journal: string[] = []
    const root = new Application('app', {}, [
      hooks('a', { privilegedStart: () => void journal.push('p'), start: () => void journal.push('s') }),
    ])
    tree(root)
    expect([journal, root.state]).toEqual([[], 'idle'])
  })

  it('shows services that do not describe themselves, and collections of another kind', () => {
    const bare = { name: 'bare', startService() {} } as unknown as IService
    const foreign = Object.assign(Object.create({ constructor: class Pool {} }), {
      name: undefined,
      [Symbol.iterator]: () => [bare].values(),
    }) as IService
    const { tree: shown, problems } = tree(foreign)
    expect(shown).toMatchObject({
      label: 'Pool',
      kind: 'Pool',
      children: [{ label: 'bare', kind: 'Object' }],
    })
    expect(problems).toEqual([])
  })

  it('shows what a service tells of itself besides services', () => {
    const task = {
      kind: 'Task',
      name: 'index',
      state: 'idle',
      facts: { steps: 3 },
      children: [],
      since: undefined,
      error: undefined,
    }
    const cooperator = Object.assign(hooks('work', {}), {
      describe: (): Description => ({
        ...task,
        kind: 'Cooperator',
        name: 'work',
        facts: {},
        children: [task],
      }),
    })
    expect(tree(cooperator).tree.children).toMatchObject([
      { label: 'index', kind: 'Task', facts: [['steps', 3]] },
    ])
  })

  it('finds what cannot be described', () => {
    const thrower = {
      name: 'x',
      describe: () => {
        throw new Error('nothing to say')
      },
    } as unknown as IService
    expect(tree(new Application('app', {}, [new Broken({ name: 'b' })])).problems).toEqual([
      'app/b cannot be described: no facts',
    ])
    expect(tree(thrower).problems).toEqual(['x cannot be described: nothing to say'])
  })

  it('finds several services of one name in a collection that allows it', () => {
    const [a, b] = [{ name: 'a' }, { name: 'a' }] as unknown as IService[]
    const foreign = {
      name: 'pool',
      describe: () => ({
        kind: 'Pool',
        name: 'pool',
        state: 'idle',
        facts: {},
        children: [a, b].map((each) => ({
          kind: 'X',
          name: each!.name,
          state: 'idle',
          facts: {},
          children: [],
        })),
      }),
    } as unknown as IService
    expect(tree(foreign).problems).toEqual(["pool has several services named 'a'"])
  })

  it('finds two services that would listen at the same place', () => {
    const at = (endpoint: string, listens = true): IService =>
      Object.assign(new Listing({ name: `${endpoint} ${++count}` }), {
        endpoint,
        ...(listens && { getHost() {} }),
      })
    const services = [at('tcp:80'), at('tcp:0'), at('tcp:80'), at('tcp:0'), at('tcp:80', false), at('tcp:81')]
    expect(tree(new Application('app', {}, services)).problems).toEqual([
      expect.stringMatching(/^app\/tcp:80 1 and app\/tcp:80 3 cannot both listen at tcp:80$/),
    ])
  })

  it('finds what runs already', async () => {
    const root = new Application('app', {}, [hooks('a', {})])
    await root.startService()
    expect(tree(root).problems).toEqual([
      'app is running before anything was started',
      'app/a is running before anything was started',
    ])
    await root.stopService()
  })
})
