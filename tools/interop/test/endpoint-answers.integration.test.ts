import {
  clientFromString,
  quoteStringArgument,
  serverEndpointTypes,
  serverFromString,
  TCP4ServerEndpoint,
  textArgument,
} from '@sennit/endpoints'
import type {
  IReactorTime,
  TCPConnectOptions,
  TCPListenOptions,
  UNIXConnectOptions,
  UNIXListenOptions,
} from '@sennit/interfaces'
import { Factory, Protocol } from '@sennit/protocol'
import { Clock } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { generated, type Draw } from '../src/generated.ts'
import { answersOf, twistedIsThere } from '../src/twisted.ts'

interface Fields {
  readonly positional: readonly string[]
  readonly named: Readonly<Record<string, string>>
}

/** What a reactor was asked for; what the string leaves open is `undefined`. */
type Asked = Readonly<Record<string, Readonly<Record<string, unknown>>>>

const KEYWORDS = ['a', 'b', 'c']

function drawText(draw: Draw): string {
  return draw.many(0, 6, () => draw.one(['x', 'y', '/', ' ', 'é', '\\:', '\\=', '\\\\', '\\x'])).join('')
}

/** Fields in any order; only the first '=' of a field counts. */
function drawFields(draw: Draw): string {
  const fields = draw.many(0, 7, () =>
    draw.chance(0.4) ? `${draw.one(KEYWORDS)}=${drawText(draw)}${draw.one(['', '=', '=z'])}` : drawText(draw),
  )
  const description = ['probe', ...fields].join(':')
  return draw.chance(0.05) ? `${description}\\` : description
}

/** Our fields, by the way that a type of one's own gets them. */
function fieldsOf(description: string): Fields | undefined {
  let fields: Fields | undefined
  const remove = serverEndpointTypes.register('probe', (args) => {
    const named = KEYWORDS.flatMap((name) => {
      const value = args.keyword(name, textArgument)
      return value === undefined ? [] : [[name, value]]
    })
    const positional = [args.type]
    for (let value; (value = args.optional('more', textArgument)) !== undefined;) positional.push(value)
    fields = { positional, named: Object.fromEntries(named) as Record<string, string> }
    return new TCP4ServerEndpoint(0)
  })
  try {
    serverFromString(description)
  } catch {
    return undefined
  } finally {
    remove()
  }
  return fields
}

interface Argument {
  readonly name: string
  readonly values: readonly string[]
  /** Values that Twisted takes, or fails on later, and Sennit refuses. */
  readonly refused?: readonly string[]
}

const PORT: Argument = {
  name: 'port',
  values: ['1', '80', '65535'],
  refused: ['-1', '65536', '8_0', ' 80', '+80'],
}
const BACKLOG: Argument = { name: 'backlog', values: ['1', '50', '200', 'many'] }
const LOCK: Argument = { name: 'lockfile', values: ['0', '1'] }
const TIMEOUT: Argument = { name: 'timeout', values: ['1', '30', 'soon'] }

/** The arguments of each type, in the order of the positional ones. */
const SERVERS: Readonly<Record<string, readonly Argument[]>> = {
  tcp: [
    { ...PORT, values: ['0', ...PORT.values, 'http'] },
    { name: 'interface', values: ['127.0.0.1', ''] },
    BACKLOG,
  ],
  tcp6: [
    { ...PORT, values: ['0', ...PORT.values] },
    BACKLOG,
    { name: 'interface', values: ['\\:\\:1', '\\:\\:'] },
  ],
  unix: [
    { name: 'address', values: ['/run/a', 'b\\:c', '/d\\\\e'] },
    { name: 'mode', values: ['600', '0666', '777', '8'] },
    BACKLOG,
    LOCK,
  ],
}
const CLIENTS: Readonly<Record<string, readonly Argument[]>> = {
  tcp: [
    { name: 'host', values: ['192.0.2.1', '127.0.0.1'] },
    PORT,
    TIMEOUT,
    { name: 'bindAddress', values: ['127.0.0.1'] },
  ],
  unix: [{ name: 'path', values: ['/run/a', 'b\\:c'] }, LOCK, TIMEOUT],
}
/** How many may be positional. */
const POSITIONAL: Readonly<Record<string, number>> = { tcp: 2, unix: 1 }

interface Case {
  readonly description: string
  /** The arguments that it gives. */
  readonly given: readonly string[]
  /** Sennit refuses it, whatever Twisted says. */
  readonly refused: boolean
}

function drawCase(
  types: Readonly<Record<string, readonly Argument[]>>,
  most: (type: string) => number,
  draw: Draw,
): Case {
  const type = draw.one(Object.keys(types))
  const args = types[type]!
  const plain = draw.integer(0, most(type))
  let refused = false
  const given = args.filter((_, index) => index < plain || draw.chance(index === 0 ? 0.97 : 0.5))
  const value = ({ values, refused: bad }: Argument): string => {
    if (!bad || !draw.chance(0.03)) return draw.one(values)
    refused = true
    return draw.one(bad)
  }
  const fields = given.map((argument) =>
    args.indexOf(argument) < plain ? value(argument) : `${argument.name}=${value(argument)}`,
  )
  if (draw.chance(0.03)) fields.push('unknown=1')
  if (draw.chance(0.03) && plain === args.length) fields.push('more')
  // Keywords may stand anywhere between the others.
  const mixed = [...fields]
  for (const field of fields.slice(plain)) {
    mixed.splice(mixed.indexOf(field), 1)
    mixed.splice(draw.integer(0, mixed.length), 0, field)
  }
  return { description: [type, ...mixed].join(':'), given: given.map(({ name }) => name), refused }
}

/** Takes down what it is asked for, and neither listens nor connects. */
class Recorder extends Clock {
  asked: Asked | undefined

  listenTCP(port: number, _: unknown, { interface: local, backlog }: TCPListenOptions): Promise<never> {
    this.asked = { tcp: { port, interface: local, backlog } }
    return Promise.reject(new Error('It only takes down'))
  }

  listenUNIX(path: string, _: unknown, { mode, backlog, wantPID }: UNIXListenOptions): Promise<never> {
    this.asked = { unix: { path, mode, backlog, wantPID } }
    return Promise.reject(new Error('It only takes down'))
  }

  connectTCP(host: string, port: number, _: unknown, { timeout, bindAddress }: TCPConnectOptions): never {
    this.asked = { tcp: { host, port, timeout, bindAddress } }
    throw new Error('It only takes down')
  }

  connectUNIX(path: string, _: unknown, { timeout, checkPID }: UNIXConnectOptions): never {
    this.asked = { unix: { path, timeout, checkPID } }
    throw new Error('It only takes down')
  }
}

async function asked(
  use: (reactor: IReactorTime, factory: Factory) => Promise<unknown>,
): Promise<Asked | undefined> {
  const reactor = new Recorder()
  await use(reactor, Factory.forProtocol(Protocol)).catch(() => {})
  return reactor.asked
}

/** Where both have a default of their own, it is left open. */
function comparable(answer: Asked | undefined, given: readonly string[]): Asked | undefined {
  const argument: Record<string, string> = { wantPID: 'lockfile', checkPID: 'lockfile' }
  const open = ['backlog', 'mode', 'timeout', 'bindAddress', 'checkPID'].filter(
    (name) => !given.includes(argument[name] ?? name),
  )
  return (
    answer &&
    Object.fromEntries(
      Object.entries(answer).map(([kind, options]) => [
        kind,
        Object.fromEntries(
          Object.entries(options).map(([name, value]) => [name, open.includes(name) ? 'open' : value]),
        ),
      ]),
    )
  )
}

describe.skipIf(!twistedIsThere)('endpoint strings beside Twisted’s', () => {
  it('EP-47 EP-48 EP-49 EP-50 finds the same fields in any string', () => {
    const cases = generated('fields', 500, drawFields)
    const theirs = answersOf<(Fields | { error: string })[]>('answers.py', { table: 'fields', cases })
    for (const [index, description] of cases.entries()) {
      const wanted = theirs[index]!
      expect(fieldsOf(description), description).toEqual('error' in wanted ? undefined : wanted)
    }
  })

  it('EP-53 EP-54 EP-58 EP-68 a server string asks the reactor for the same', async () => {
    const cases = generated('servers', 600, (draw) =>
      drawCase(SERVERS, (type) => SERVERS[type]!.length, draw),
    )
    const descriptions = cases.map(({ description }) => description)
    const theirs = answersOf<(Asked | { error: string })[]>('answers.py', {
      table: 'servers',
      cases: descriptions,
    })
    // So that it is not only errors that agree.
    expect(theirs.filter((answer) => 'error' in answer).length).toBeLessThan(cases.length / 2)
    for (const [index, { description, given, refused }] of cases.entries()) {
      const wanted = theirs[index]!
      const ours = await asked(async (reactor, factory) =>
        serverFromString(description, { reactor }).listen(factory),
      )
      const none = refused || 'error' in wanted
      expect(comparable(ours, given), description).toEqual(
        none ? undefined : comparable(wanted as Asked, given),
      )
    }
  })

  it('EP-70 EP-74 a client string asks the reactor for the same', async () => {
    const cases = generated('clients', 400, (draw) => drawCase(CLIENTS, (type) => POSITIONAL[type]!, draw))
    const descriptions = cases.map(({ description }) => description)
    const theirs = answersOf<(Asked | { error: string })[]>('answers.py', {
      table: 'clients',
      cases: descriptions,
    })
    // So that it is not only errors that agree.
    expect(theirs.filter((answer) => 'error' in answer).length).toBeLessThan(cases.length / 2)
    for (const [index, { description, given, refused }] of cases.entries()) {
      const wanted = theirs[index]!
      const ours = await asked(async (reactor, factory) =>
        clientFromString(description, { reactor }).connect(factory),
      )
      const none = refused || 'error' in wanted
      expect(comparable(ours, given), description).toEqual(
        none ? undefined : comparable(wanted as Asked, given),
      )
    }
  })

  it('EP-52 quotes as theirs does, and an equals sign and a bracket too, which theirs reads as itself', () => {
    const texts = generated('quotes', 300, (draw) =>
      draw.many(0, 8, () => draw.one(['a', '\\', ':', '=', '['])).join(''),
    )
    const theirs = answersOf<string[]>('answers.py', { table: 'quotes', cases: texts })
    const ours = texts.map((text) => quoteStringArgument(text))
    for (const [index, text] of texts.entries()) {
      if (!/=|^\[/.test(text)) expect(ours[index], text).toBe(theirs[index])
    }
    expect(ours.map((quoted) => fieldsOf(`probe:${quoted}`)?.positional[1])).toEqual(texts)
    const read = answersOf<Fields[]>('answers.py', { table: 'fields', cases: ours })
    expect(read).toEqual(texts.map((text) => ({ positional: [text], named: {} })))
  })
})
