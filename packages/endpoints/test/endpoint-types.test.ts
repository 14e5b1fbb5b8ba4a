import type {
  IListeningPort,
  IReactorTime,
  IStreamClientEndpoint,
  IStreamServerEndpoint,
} from '@sennit/interfaces'
import { Clock } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { portArgument, textArgument } from '../src/argument-kinds.ts'
import type { EndpointTypes } from '../src/endpoint-types.ts'
import { clientFromString, serverFromString } from '../src/from-string.ts'
import { clientEndpointTypes, serverEndpointTypes } from '../src/known-types.ts'

class Place implements IStreamServerEndpoint, IStreamClientEndpoint {
  readonly facts: readonly unknown[]
  constructor(...facts: readonly unknown[]) {
    this.facts = facts
  }
  listen(): Promise<IListeningPort> {
    return Promise.reject(new Error('not here'))
  }
  connect(): Promise<never> {
    return Promise.reject(new Error('not here'))
  }
}

describe.each([
  ['serverFromString', serverEndpointTypes as EndpointTypes<unknown>, serverFromString, '80'],
  ['clientFromString', clientEndpointTypes as EndpointTypes<unknown>, clientFromString, 'carbon:80'],
] as const)('%s', (_name, types, fromString, rest) => {
  it('EP-65 finds a registered type without regard to case, and hands it the reactor and the arguments', () => {
    const remove = types.register(
      'Memory',
      (args) =>
        new Place(
          args.type,
          args.required('name', textArgument),
          args.optional('port', portArgument),
          args.reactor,
        ),
    )
    try {
      const reactor: IReactorTime = new Clock()
      const read = fromString('mEmOrY:port=7:one', { reactor }) as unknown as Place
      expect(read.facts).toEqual(['memory', 'one', 7, reactor])
      expect((fromString('memory:two') as unknown as Place).facts).toEqual([
        'memory',
        'two',
        undefined,
        undefined,
      ])
    } finally {
      remove()
    }
    expect(() => fromString('memory:one')).toThrow(/'type' must be one of/)
  })

  it.each(['tcp', 'TCP', 'Tcp', 'tcp6', 'TCP6'])('EP-66 knows the built-in type %s', (type) => {
    const known = String(fromString(`${type.toLowerCase()}:${rest}`))
    expect(String(fromString(`${type}:${rest}`))).toBe(known)
    expect(known.startsWith(`${type.toLowerCase()}:`)).toBe(true)
  })

  it('EP-67 names an unknown type, and the known ones', () => {
    const read = () => fromString('ftp:80')
    expect(read).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_SYNTAX', position: 0 }))
    expect(read).toThrow(
      /^Cannot read the endpoint string "ftp:80": 'type' must be one of the (server|client) types \(tcp, [a-z0-9, ]+\), got "ftp"/,
    )
  })

  it.each([
    ['80', 'got "80"', 0],
    ['', 'got ""', 0],
    [':80', 'got ""', 0],
    ['port=80', 'got nothing', 0],
    ['port=80:x', 'got "x"', 8],
    ['__proto__:80', 'got "__proto__"', 0],
  ])('EP-69 says which types there are when the type is missing: %j', (description, got, position) => {
    const read = () => fromString(description)
    expect(read).toThrow(expect.objectContaining({ position }))
    expect(read).toThrow(/\(tcp, .*tcp6, .*tls, ssl, unix.*\)/)
    expect(read).toThrow(got)
  })

  it('EP-65 refuses arguments that the type does not ask for', () => {
    const remove = types.register('memory', (args) => new Place(args.required('name', textArgument)))
    try {
      expect(() => fromString('memory:one:two')).toThrow(/'memory' has \(name\), got "two" \(position 11\)/)
      expect(() => fromString('memory:one:size=2')).toThrow(
        /'memory' has \(name\), got "size" \(position 11\)/,
      )
    } finally {
      remove()
    }
  })

  it.each(['', ' ', 'a b', '7up', 'a:b', 'a=b', 'é'])('refuses %j as the name of a type', (type) => {
    expect(() => types.register(type, () => new Place())).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_TYPE', type }),
    )
  })

  it('refuses a name that is taken, whatever its case', () => {
    expect(() => types.register('TCP', () => new Place())).toThrow(
      `Cannot register a type of endpoint: 'type' must be a name that is not taken, got "TCP"`,
    )
  })

  it('takes a type out once only, and not one that came after it', () => {
    const first = types.register('memory', () => new Place('first'))
    first()
    const second = types.register('memory', () => new Place('second'))
    first()
    expect((fromString('memory') as unknown as Place).facts).toEqual(['second'])
    expect(types.names.at(-1)).toBe('memory')
    second()
    expect(types.names).not.toContain('memory')
  })
})
