import { afterEach, describe, expect, it } from 'vitest'
import { inheritedSockets, takeInherited } from '../src/inherited-sockets.ts'

describe('takeInherited', () => {
  it('EP-61 RX-30 numbers the descriptors from 3 on, in order, with their names', () => {
    const environment = {
      LISTEN_PID: '7',
      LISTEN_PIDFDID: '4711',
      LISTEN_FDS: '2',
      LISTEN_FDNAMES: 'web:control',
      PATH: '/bin',
    }
    expect(takeInherited(environment, 7)).toEqual([
      { fd: 3, name: 'web' },
      { fd: 4, name: 'control' },
    ])
    expect(environment).toEqual({ PATH: '/bin' })
  })

  it('EP-61 descriptors need no names', () => {
    expect(takeInherited({ LISTEN_PID: '7', LISTEN_FDS: '1' }, 7)).toEqual([{ fd: 3, name: '' }])
    expect(takeInherited({ LISTEN_PID: '7', LISTEN_FDS: '2', LISTEN_FDNAMES: ':' }, 7)).toEqual([
      { fd: 3, name: '' },
      { fd: 4, name: '' },
    ])
  })

  it.each([
    ['nothing is said', {}],
    ['it is meant for another process', { LISTEN_PID: '8', LISTEN_FDS: '1' }],
    ['it is meant for a number that only begins like this one', { LISTEN_PID: '7x', LISTEN_FDS: '1' }],
    ['it is meant for this number with a sign', { LISTEN_PID: '+7', LISTEN_FDS: '1' }],
    ['it is meant for this number with a space', { LISTEN_PID: ' 7', LISTEN_FDS: '1' }],
    [
      'it is meant for another process, of the newer kind',
      { LISTEN_PID: '8', LISTEN_PIDFDID: '1', LISTEN_FDS: '1' },
    ],
    ['it is meant for nobody', { LISTEN_FDS: '1' }],
    ['their number is not said', { LISTEN_PID: '7' }],
    ['their number is none', { LISTEN_PID: '7', LISTEN_FDS: '-1' }],
    ['their number is not plain', { LISTEN_PID: '7', LISTEN_FDS: '1e3' }],
    ['their number is a fraction', { LISTEN_PID: '7', LISTEN_FDS: '1.5' }],
    ['their number is a word', { LISTEN_PID: '7', LISTEN_FDS: 'all' }],
    ['their number is empty', { LISTEN_PID: '7', LISTEN_FDS: '' }],
    ['there are more than a process can have', { LISTEN_PID: '7', LISTEN_FDS: '4294967295' }],
    ['there are none, but names', { LISTEN_PID: '7', LISTEN_FDS: '0', LISTEN_FDNAMES: 'web' }],
    ['there are none', { LISTEN_PID: '7', LISTEN_FDS: '0' }],
    ['there are fewer names', { LISTEN_PID: '7', LISTEN_FDS: '2', LISTEN_FDNAMES: 'web' }],
    ['there are more names', { LISTEN_PID: '7', LISTEN_FDS: '1', LISTEN_FDNAMES: 'web:control' }],
  ])('EP-61 inherits nothing when %s, and clears the environment', (_, environment) => {
    expect(takeInherited(environment, 7)).toEqual([])
    expect(environment).toEqual({})
  })
})

describe('inheritedSockets', () => {
  afterEach(() => {
    for (const name of ['LISTEN_PID', 'LISTEN_FDS', 'LISTEN_FDNAMES']) delete process.env[name]
  })

  it('EP-61 reads the environment once', () => {
    Object.assign(process.env, { LISTEN_PID: String(process.pid), LISTEN_FDS: '1', LISTEN_FDNAMES: 'web' })
    const first = inheritedSockets()
    expect(first).toEqual([{ fd: 3, name: 'web' }])
    expect(process.env['LISTEN_FDS']).toBeUndefined()
    process.env['LISTEN_FDS'] = '5'
    expect(inheritedSockets()).toBe(first)
  })
})
