import { describe, expect, it } from 'vitest'
import type { ConnectionHandler } from '@sennit/interfaces'
import { Factory } from '../src/factory.ts'
import { handler } from '../src/handler.ts'
import { handlerKind } from '../src/handler-kind.ts'
import { Protocol } from '../src/protocol.ts'

const nothing = () => {}

describe('handlerKind', () => {
  it.each<[string, object, string]>([
    ['an existing server', { handleSocket: nothing }, 'socket'],
    ['a stream handler', { handleStream: nothing }, 'stream'],
    ['handler()', handler(async () => {}), 'stream'],
    ['a factory', Factory.forProtocol(Protocol), 'protocol'],
    ['one that is all', { buildProtocol: nothing, handleStream: nothing, handleSocket: nothing }, 'socket'],
    ['one that is two', { buildProtocol: nothing, handleStream: nothing }, 'stream'],
    ['one with a member that is no function', { handleSocket: 1, buildProtocol: nothing }, 'protocol'],
  ])('tells %s by its member', (_, object, kind) => {
    expect(handlerKind(object as ConnectionHandler)).toBe(kind)
  })

  it.each([
    [undefined, 'got undefined'],
    [null, 'got null'],
    ['tcp', 'got tcp'],
    [{}, 'got an object without them'],
    [Object.create(null), 'got an object without them'],
    [new Protocol(), 'got a Protocol'],
    [async () => {}, 'got a function; wrap it in handler()'],
  ])('refuses %s, and says what it got', (value, got) => {
    expect(() => handlerKind(value as ConnectionHandler)).toThrow(
      expect.objectContaining({
        code: 'ERR_SENNIT_HANDLER',
        message: expect.stringMatching(new RegExp(`${got.replace(/[()]/g, '\\$&')}$`)) as string,
      }),
    )
  })
})
