import type { IStreamClientEndpoint } from '@sennit/interfaces'
import { describe, expect, it } from 'vitest'
import { type CancellableConnect, cancellableOf, setCancellable } from '../src/cancellable-connect.ts'

class Endpoint implements IStreamClientEndpoint {
  connect(): Promise<never> {
    return Promise.reject(new Error('nobody is there'))
  }
}

class Other extends Endpoint {
  override connect(): Promise<never> {
    return super.connect()
  }
}

describe('cancellableOf', () => {
  it('knows what does the same as a method, and nothing of one that overrides it', () => {
    const cancellable: CancellableConnect = () => Promise.reject(new Error('nobody is there'))
    expect(cancellableOf(new Endpoint().connect)).toBeUndefined()
    setCancellable(Endpoint.prototype.connect, cancellable)
    expect(cancellableOf(new Endpoint().connect)).toBe(cancellable)
    expect(cancellableOf(new Other().connect)).toBeUndefined()
  })
})
