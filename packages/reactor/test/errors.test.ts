import { describe, expect, it } from 'vitest'
import { AlreadyConnectedError, NoSuchReactorError, ReactorOptionError } from '../src/index.ts'

describe('errors', () => {
  it('a refused option says what was to be done, what is wanted, and what was given', () => {
    const error = new ReactorOptionError('listen', 'port', 'an integer from 0 to 65535', '80')
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({
      name: 'ReactorOptionError',
      code: 'ERR_SENNIT_REACTOR_OPTION',
      option: 'port',
      message: "Cannot listen: 'port' must be an integer from 0 to 65535, got '80'",
    })
  })

  it('an unknown reactor is named, and so are those that are known', () => {
    expect(new NoSuchReactorError('epoll', ['node', 'memory'])).toMatchObject({
      name: 'NoSuchReactorError',
      code: 'ERR_SENNIT_NO_SUCH_REACTOR',
      reactor: 'epoll',
      message: 'Cannot install a reactor: its name must be one of "node", "memory", got "epoll"',
    })
  })

  it('a second peer is refused', () => {
    expect(new AlreadyConnectedError()).toMatchObject({
      name: 'AlreadyConnectedError',
      code: 'ERR_SENNIT_ALREADY_CONNECTED',
    })
  })
})
