import { beforeEach, describe, expect, it } from 'vitest'
import type { IHostnameResolver, IHostPort, IResolutionReceiver, ResolutionOptions } from '@sennit/interfaces'
import { Clock } from '@sennit/runtime'
import { HostnameAddress, internetAddress, UNIXAddress } from '../src/addresses.ts'
import { connectErrorFrom } from '../src/connect-errors.ts'
import { DNSLookupError } from '../src/errors.ts'
import { type DialOutcome, HappyEyeballs } from '../src/happy-eyeballs.ts'
import { nodeError } from './node-error.ts'

const NAME = 'a.example'

describe('HappyEyeballs', () => {
  let clock: Clock
  let machine: HappyEyeballs<string>
  /** What happened, each with its time. */
  let story: string[]
  let dials: Map<string, DialOutcome<string>>
  let failure: Error | undefined

  function note(event: string): void {
    story.push(`${Math.round(clock.seconds() * 1000)} ${event}`)
  }

  function made(attemptDelay = 0.25): HappyEyeballs<string> {
    return new HappyEyeballs<string>(
      {
        name: NAME,
        clock,
        attemptDelay,
        dial({ host }, outcome) {
          note(`try ${host}`)
          dials.set(host, outcome)
          return () => note(`drop ${host}`)
        },
      },
      {
        connected: (connection, { host }) => note(`connected ${connection} ${host}`),
        failed(error) {
          note('failed')
          failure = error
        },
      },
    )
  }

  beforeEach(() => {
    clock = new Clock()
    story = []
    dials = new Map()
    failure = undefined
    machine = made()
  })

  const address = (host: string) => internetAddress('TCP', host, 80)
  function found(...hosts: string[]): void {
    for (const host of hosts) machine.addressResolved(address(host))
  }
  function resolved(...hosts: string[]): void {
    found(...hosts)
    machine.resolutionComplete()
  }
  const fails = (host: string, code = 'ECONNREFUSED') => {
    note(`refused ${host}`)
    dials.get(host)!.failed(nodeError(code, { syscall: 'connect', address: host, port: 80 }))
  }
  function taken(): string[] {
    return story.splice(0)
  }

  it('EP-26 tries all addresses, the families in turn, else in the order of the resolver', () => {
    resolved('::1', '::2', '10.0.0.1', '::3', '10.0.0.2')
    clock.pump(Array.from({ length: 5 }, () => 0.25))
    expect(taken()).toEqual([
      '0 try ::1',
      '250 try 10.0.0.1',
      '500 try ::2',
      '750 try 10.0.0.2',
      '1000 try ::3',
    ])
  })

  it.each([
    [['10.0.0.1'], ['10.0.0.1']],
    [
      ['10.0.0.1', '::1', '::2', '::3'],
      ['10.0.0.1', '::1', '::2', '::3'],
    ],
    [
      ['10.0.0.1', '10.0.0.2', '10.0.0.3', '::1'],
      ['10.0.0.1', '::1', '10.0.0.2', '10.0.0.3'],
    ],
  ])('EP-26 puts the families of %j in turn', (given, expected) => {
    resolved(...given)
    for (const host of expected) dials.get(host)!.failed(new Error(host))
    expect((failure instanceof AggregateError ? failure.errors : [failure]).map(String)).toEqual(
      expected.map((host) => `Error: ${host}`),
    )
  })

  it('EP-27 tries the first at once, and another each time that attemptDelay is over, beside the earlier ones', () => {
    machine = made(0.3)
    resolved('10.0.0.1', '10.0.0.2', '10.0.0.3')
    clock.advance(0.29)
    expect(taken()).toEqual(['0 try 10.0.0.1'])
    clock.pump([0.01, 0.3])
    expect(taken()).toEqual(['300 try 10.0.0.2', '600 try 10.0.0.3'])
    dials.get('10.0.0.1')!.connected('late')
    expect(taken()).toEqual(['600 drop 10.0.0.2', '600 drop 10.0.0.3', '600 connected late 10.0.0.1'])
  })

  it('EP-27 begins while the name is still looked up, and takes what comes later in its turn', () => {
    found('10.0.0.1')
    clock.advance(0.1)
    found('10.0.0.2', '::1')
    clock.advance(0.15)
    expect(taken()).toEqual(['0 try 10.0.0.1', '250 try ::1'])
    clock.pump([0.25, 0.25, 0.1])
    expect(taken()).toEqual(['500 try 10.0.0.2'])
    found('10.0.0.3')
    machine.resolutionComplete()
    expect(taken()).toEqual(['850 try 10.0.0.3'])
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('EP-28 the first success gives up the others and the rest, and leaves no timer', () => {
    resolved('10.0.0.1', '10.0.0.2', '10.0.0.3')
    clock.advance(0.25)
    taken()
    dials.get('10.0.0.2')!.connected('it')
    expect(taken()).toEqual(['250 drop 10.0.0.1', '250 connected it 10.0.0.2'])
    expect(clock.getDelayedCalls()).toEqual([])
    clock.advance(10)
    dials.get('10.0.0.1')!.connected('too late')
    dials.get('10.0.0.1')!.failed(new Error('too late'))
    found('10.0.0.4')
    machine.resolutionComplete(new Error('too late'))
    expect(taken()).toEqual([])
  })

  it('EP-28 a success gives up the resolution, too', () => {
    let cancelled = 0
    machine.resolutionBegan({ name: NAME, cancel: () => cancelled++ })
    found('10.0.0.1')
    dials.get('10.0.0.1')!.connected('it')
    expect(cancelled).toBe(1)
  })

  it('EP-29 fails only when every address has failed', () => {
    resolved('10.0.0.1', '10.0.0.2')
    clock.advance(0.25)
    fails('10.0.0.2')
    expect(failure).toBeUndefined()
    fails('10.0.0.1')
    expect(failure).toBeInstanceOf(AggregateError)
  })

  it('EP-29 fails only when no more addresses can come', () => {
    found('10.0.0.1')
    fails('10.0.0.1')
    clock.advance(1)
    expect(failure).toBeUndefined()
    found('10.0.0.2')
    fails('10.0.0.2')
    expect(failure).toBeUndefined()
    machine.resolutionComplete()
    expect(failure).toBeInstanceOf(AggregateError)
  })

  it('EP-30 reports all errors; the most telling one is what the attempt fails with', () => {
    resolved('10.0.0.1', '::1', '10.0.0.2')
    fails('10.0.0.1', 'ENETUNREACH')
    fails('::1', 'ECONNREFUSED')
    fails('10.0.0.2', 'EHOSTUNREACH')
    expect((failure as AggregateError).errors.map((error: { code: string }) => error.code)).toEqual([
      'ENETUNREACH',
      'ECONNREFUSED',
      'EHOSTUNREACH',
    ])
    expect((failure as Error).message).toContain(NAME)
    expect(connectErrorFrom(failure!)).toMatchObject({
      name: 'ConnectionRefusedError',
      address: '::1',
      cause: failure,
    })
  })

  it('EP-31 a failure brings the next attempt forward, which has its own time then', () => {
    resolved('10.0.0.1', '10.0.0.2', '10.0.0.3')
    clock.advance(0.1)
    fails('10.0.0.1')
    clock.advance(0.24)
    expect(taken()).toEqual(['0 try 10.0.0.1', '100 refused 10.0.0.1', '100 try 10.0.0.2'])
    clock.advance(0.01)
    expect(taken()).toEqual(['350 try 10.0.0.3'])
  })

  it('EP-32 the last failure is reported at once', () => {
    resolved('10.0.0.1')
    fails('10.0.0.1')
    expect(taken()).toEqual(['0 try 10.0.0.1', '0 refused 10.0.0.1', '0 failed'])
    expect(failure).toMatchObject({ code: 'ECONNREFUSED' })
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('EP-33 no address is a DNSLookupError that names what was looked up', () => {
    resolved()
    expect(failure).toBeInstanceOf(DNSLookupError)
    expect(failure).toMatchObject({ hostname: NAME, code: 'ENOTFOUND' })
  })

  it('EP-33 so is a lookup that failed, with what was wrong', () => {
    const cause = nodeError('EAI_AGAIN', { syscall: 'getaddrinfo' })
    machine.resolutionComplete(cause)
    expect(failure).toMatchObject({ name: 'DNSLookupError', hostname: NAME, code: 'EAI_AGAIN', cause })
  })

  it('EP-33 a DNSLookupError of the resolver stays as it is', () => {
    const error = new DNSLookupError('alias.example')
    machine.resolutionComplete(error)
    expect(failure).toBe(error)
  })

  it('EP-33 what was wrong with the lookup is among the errors when there were addresses, too', () => {
    found('10.0.0.1')
    fails('10.0.0.1')
    machine.resolutionComplete(nodeError('EAI_AGAIN'))
    expect((failure as AggregateError).errors).toMatchObject([
      { code: 'ECONNREFUSED' },
      { code: 'EAI_AGAIN' },
    ])
  })

  it('EP-34 ignores what is neither an IPv4 nor an IPv6 address', () => {
    machine.addressResolved(new UNIXAddress('/run/x') as unknown as IHostPort)
    machine.addressResolved(new HostnameAddress('b.example', 80))
    expect(story).toEqual([])
    machine.resolutionComplete()
    expect(failure).toBeInstanceOf(DNSLookupError)
  })

  it('EP-35 cancelling gives up all attempts, tells nothing, and leaves no timer', () => {
    resolved('10.0.0.1', '10.0.0.2', '10.0.0.3')
    clock.advance(0.25)
    taken()
    machine.cancel()
    expect(taken()).toEqual(['250 drop 10.0.0.1', '250 drop 10.0.0.2'])
    expect(clock.getDelayedCalls()).toEqual([])
    dials.get('10.0.0.1')!.connected('too late')
    dials.get('10.0.0.2')!.failed(new Error('too late'))
    clock.advance(10)
    expect(taken()).toEqual([])
  })

  it('EP-36 cancelling while the name is looked up gives the lookup up, and is no failed lookup', () => {
    let cancelled = 0
    machine.resolutionBegan({ name: NAME, cancel: () => cancelled++ })
    machine.cancel()
    machine.resolutionComplete(new Error('cancelled'))
    found('10.0.0.1')
    clock.advance(10)
    expect([cancelled, taken()]).toEqual([1, []])
  })

  it('EP-37 a fixed local port tries one address at a time', () => {
    machine = made(Infinity)
    resolved('10.0.0.1', '10.0.0.2')
    clock.advance(1000)
    expect(taken()).toEqual(['0 try 10.0.0.1'])
    expect(clock.getDelayedCalls()).toEqual([])
    fails('10.0.0.1')
    expect(taken()).toEqual(['1000000 refused 10.0.0.1', '1000000 try 10.0.0.2'])
  })

  describe('with what misbehaves', () => {
    /** Begins as `dial` does, with what is to happen inside. */
    function misbehaving(inside: (host: string) => void, giveUp: (host: string) => void = () => {}): void {
      machine = new HappyEyeballs<string>(
        {
          name: NAME,
          clock,
          attemptDelay: 0.25,
          dial({ host }, outcome) {
            note(`try ${host}`)
            dials.set(host, outcome)
            inside(host)
            return () => {
              note(`drop ${host}`)
              giveUp(host)
            }
          },
        },
        {
          connected: (connection, { host }) => note(`connected ${connection} ${host}`),
          failed(error) {
            note('failed')
            failure = error
          },
        },
      )
    }
    const boom = new Error('boom')
    const throws = (...hosts: string[]) => {
      misbehaving((host) => {
        if (hosts.includes(host)) throw boom
      })
    }

    it('takes an attempt that cannot begin for one that has failed', () => {
      throws('10.0.0.1', '10.0.0.2')
      resolved('10.0.0.1', '10.0.0.2', '10.0.0.3')
      clock.pump([0, 0])
      expect(taken()).toEqual(['0 try 10.0.0.1', '0 try 10.0.0.2', '0 try 10.0.0.3'])
      dials.get('10.0.0.3')!.failed(boom)
      expect((failure as AggregateError).errors).toEqual([boom, boom, boom])
    })

    it('goes on when that happens to a later one', () => {
      throws('10.0.0.2')
      resolved('10.0.0.1', '10.0.0.2', '10.0.0.3')
      clock.pump([0.25, 0])
      expect(taken()).toEqual(['0 try 10.0.0.1', '250 try 10.0.0.2', '250 try 10.0.0.3'])
    })

    it('tells it later, not inside the call, and not at all when it is cancelled before', () => {
      throws('10.0.0.1')
      resolved('10.0.0.1')
      expect(failure).toBeUndefined()
      clock.advance(0)
      expect(failure).toBe(boom)
      failure = undefined
      throws('10.0.0.1')
      resolved('10.0.0.1')
      machine.cancel()
      clock.advance(1)
      expect(failure).toBeUndefined()
      expect(clock.getDelayedCalls()).toEqual([])
    })

    it('gives up an attempt inside whose beginning it is cancelled, and begins no other', () => {
      misbehaving(() => machine.cancel())
      resolved('10.0.0.1', '10.0.0.2')
      expect(taken()).toEqual(['0 try 10.0.0.1', '0 drop 10.0.0.1'])
      expect(clock.getDelayedCalls()).toEqual([])
      dials.get('10.0.0.1')!.connected('too late')
      expect(taken()).toEqual([])
    })

    it('gives up the others, and tells of the success, when one cannot be given up', () => {
      misbehaving(
        () => {},
        (host) => {
          if (host === '10.0.0.1') throw boom
        },
      )
      machine.resolutionBegan({
        name: NAME,
        cancel() {
          throw boom
        },
      })
      found('10.0.0.1', '10.0.0.2', '10.0.0.3')
      clock.pump([0.25, 0.25])
      taken()
      dials.get('10.0.0.3')!.connected('it')
      expect(taken()).toEqual(['500 drop 10.0.0.1', '500 drop 10.0.0.2', '500 connected it 10.0.0.3'])
    })

    it('gives up a resolution that says only after the cancel that it began', () => {
      let cancelled = 0
      machine.cancel()
      machine.resolutionBegan({ name: NAME, cancel: () => cancelled++ })
      expect(cancelled).toBe(1)
    })
  })

  describe('begin', () => {
    const resolver = (
      resolve: (receiver: IResolutionReceiver, name: string, options: ResolutionOptions | undefined) => void,
    ): IHostnameResolver => ({
      resolveHostName(receiver, name, options) {
        const resolution = { name, cancel() {} }
        receiver.resolutionBegan(resolution)
        resolve(receiver, name, options)
        return resolution
      },
    })

    it('asks the resolver for the name, with its options', () => {
      const asked: unknown[] = []
      machine.begin(
        resolver((receiver, ...rest) => {
          asked.push(...rest)
          receiver.addressResolved(address('10.0.0.1'))
          receiver.resolutionComplete()
        }),
        { port: 80, family: 4 },
      )
      expect(asked).toEqual([NAME, { port: 80, family: 4 }])
      expect(taken()).toEqual(['0 try 10.0.0.1'])
      expect(clock.getDelayedCalls()).toEqual([])
    })

    it('tells a failure later, also when the resolver knows at once', () => {
      machine.begin(
        resolver((receiver) => receiver.resolutionComplete()),
        {},
      )
      expect(failure).toBeUndefined()
      clock.advance(0)
      expect(failure).toBeInstanceOf(DNSLookupError)
    })

    it('tells nothing when it is cancelled before', () => {
      machine.begin(
        resolver((receiver) => receiver.resolutionComplete()),
        {},
      )
      machine.cancel()
      clock.advance(10)
      expect(failure).toBeUndefined()
      expect(clock.getDelayedCalls()).toEqual([])
    })

    it('takes what a resolver throws for a failed lookup', () => {
      const cause = new TypeError('what a name')
      machine.begin(
        resolver(() => {
          throw cause
        }),
        {},
      )
      clock.advance(0)
      expect(failure).toMatchObject({ name: 'DNSLookupError', cause })
    })
  })
})
