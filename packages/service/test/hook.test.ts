import { describe, expect, it } from 'vitest'
import { callHook, hasHook, Hook } from '../src/hook.ts'
import { Service } from '../src/index.ts'

describe('Hook', () => {
  it('asks for the signal when somebody reads it', () => {
    let asked = 0
    const { signal } = new AbortController()
    const source = {
      get signal() {
        asked++
        return signal
      },
    }
    const { context } = new Service()
    const hook = new Hook(source, context)
    expect(hook.context).toBe(context)
    expect(asked).toBe(0)
    expect(hook.signal).toBe(signal)
    expect(asked).toBe(1)
  })

  it('has a signal of its own when it is over', () => {
    const signal = AbortSignal.abort()
    const hook = new Hook({ signal }, new Service().context)
    hook.release()
    expect(hook.signal.aborted).toBe(false)
  })
})

describe('The hooks of a target', () => {
  const target = {
    onPrivilegedStart: (hook: object) => ['privileged', hook],
    onStart: (hook: object) => ['start', hook],
    onStop: (hook: object) => ['stop', hook],
  }

  it.each(['privileged', 'start', 'stop'] as const)('are called by kind: %s', (kind) => {
    const hook = new Hook({ signal: new AbortController().signal }, new Service().context)
    expect(hasHook(target, kind)).toBe(true)
    expect(hasHook({}, kind)).toBe(false)
    expect(callHook(target, kind, hook)).toEqual([kind, hook])
  })
})
