import { describe, expect, it } from 'vitest'
import { serverFromString } from '../src/from-string.ts'
import { EndpointReactor, RecorderFactory } from './doubles.ts'

async function adopted(description: string): Promise<[number, string]> {
  const reactor = new EndpointReactor()
  reactor.inherited = [
    { fd: 3, name: 'http' },
    { fd: 4, name: '1' },
  ]
  await serverFromString(description, { reactor }).listen(new RecorderFactory())
  const { fd, family } = reactor.adoptedPorts[0]!
  return [fd, family]
}

describe('systemd', () => {
  it.each<[string, [number, string]]>([
    ['systemd:domain=INET:index=0', [3, 'INET']],
    ['systemd:domain=INET6:index=1', [4, 'INET6']],
    ['systemd:domain=unix:name=http', [3, 'UNIX']],
    ['systemd:INET:1', [4, 'INET']],
    ['systemd:INET:name=1', [4, 'INET']],
  ])('EP-60 takes over %s', async (description, expected) => {
    expect(await adopted(description)).toEqual(expected)
  })

  it.each<[string, number, RegExp]>([
    ['systemd', 7, /'domain' must be one of 'INET', 'INET6' and 'UNIX', got nothing/],
    ['systemd:domain=IPX:index=0', 15, /'domain' .* got "IPX"/],
    ['systemd:domain=INET', 19, /'name' must be there if, and only if, 'index' is not, got nothing/],
    [
      'systemd:domain=INET:index=0:name=http',
      33,
      /'name' must be there if, and only if, 'index' is not, got "http"/,
    ],
    ['systemd:domain=INET:index=-1', 26, /'index' must be a whole number from 0/],
  ])('EP-60 refuses %s', (description, position, message) => {
    const read = () => serverFromString(description)
    expect(read).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_SYNTAX', position }))
    expect(read).toThrow(message)
  })
})

describe('fd', () => {
  it.each<[string, [number, string]]>([
    ['fd:3', [3, 'INET']],
    ['fd:0', [0, 'INET']],
    ['fd:fd=5:domain=INET6', [5, 'INET6']],
    ['fd:5:unix', [5, 'UNIX']],
  ])('EP-78 takes over %s', async (description, expected) => {
    expect(await adopted(description)).toEqual(expected)
  })

  it.each(['fd', 'fd:', 'fd:three', 'fd:-1', 'fd:3:IPX', 'fd:3:UNIX:4'])(
    'EP-68 refuses %s',
    (description) => {
      expect(() => serverFromString(description)).toThrow(
        expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_SYNTAX' }),
      )
    },
  )
})
