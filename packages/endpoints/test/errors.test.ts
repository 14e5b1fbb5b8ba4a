import { describe, expect, it } from 'vitest'
import {
  EndpointFileError,
  EndpointOptionError,
  EndpointSyntaxError,
  EndpointTypeError,
  InheritedSocketError,
  ProxyHeaderError,
} from '../src/errors.ts'

describe('the errors of endpoints', () => {
  const cause = new Error('ENOENT')

  it.each<[Error, string, string, string]>([
    [
      new EndpointSyntaxError('tcp:x', { position: 4, what: 'port', expected: 'a port', got: 'x' }),
      'EndpointSyntaxError',
      'ERR_SENNIT_ENDPOINT_SYNTAX',
      `Cannot read the endpoint string "tcp:x": 'port' must be a port, got "x" (position 4)`,
    ],
    [
      new EndpointTypeError('a b', 'a name'),
      'EndpointTypeError',
      'ERR_SENNIT_ENDPOINT_TYPE',
      `Cannot register a type of endpoint: 'type' must be a name, got "a b"`,
    ],
    [
      new EndpointOptionError('port', 'a port', 'x'),
      'EndpointOptionError',
      'ERR_SENNIT_ENDPOINT_OPTION',
      `Cannot make an endpoint: 'port' must be a port, got "x"`,
    ],
    [
      new EndpointFileError('privateKey', 'a file with a key', '/k.pem', 'ENOENT', { cause }),
      'EndpointFileError',
      'ERR_SENNIT_ENDPOINT_FILE',
      `Cannot use "/k.pem": 'privateKey' must be a file with a key, got ENOENT`,
    ],
    [
      new InheritedSocketError('index', 'below 1', 3),
      'InheritedSocketError',
      'ERR_SENNIT_INHERITED_SOCKET',
      `Cannot listen at an inherited socket: 'index' must be below 1, got 3`,
    ],
    [
      new ProxyHeaderError('come first'),
      'ProxyHeaderError',
      'ERR_SENNIT_PROXY_HEADER',
      `Cannot serve the connection: 'PROXY header' must come first`,
    ],
  ])('%s has its name, its code and its message', (error, name, code, message) => {
    expect(error).toMatchObject({ name, code, message })
  })

  it('shows no more of a long text than its beginning', () => {
    const error = new EndpointSyntaxError('x'.repeat(5000), {
      position: 0,
      what: 'y'.repeat(5000),
      expected: 'less',
    })
    expect(error.message.length).toBeLessThan(400)
    expect(error.description).toHaveLength(5000)
  })
})
