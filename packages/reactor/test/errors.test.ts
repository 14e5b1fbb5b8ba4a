import { describe, expect, it } from 'vitest'
import { MissingPeerError, NoSuchReactorError } from '../src/index.ts'

describe('errors', () => {
  it('an unknown reactor is named, and so are those that are known', () => {
    expect(new NoSuchReactorError('epoll', ['node', 'memory'])).toMatchObject({
      name: 'NoSuchReactorError',
      code: 'ERR_SENNIT_NO_SUCH_REACTOR',
      reactor: 'epoll',
      message: 'Cannot install a reactor: its name must be one of "node", "memory", got "epoll"',
    })
  })
  it('a package that is missing is named, and how to install it', () => {
    const cause = new Error('why')
    expect(new MissingPeerError('use UNIX datagrams', 'node-unix-socket', { cause })).toMatchObject({
      name: 'MissingPeerError',
      code: 'ERR_SENNIT_MISSING_PEER',
      package: 'node-unix-socket',
      cause,
      message:
        "Cannot use UNIX datagrams: the package node-unix-socket cannot be loaded, install it by 'npm install node-unix-socket'",
    })
  })
})
