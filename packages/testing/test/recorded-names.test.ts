import { describe, expect, it } from 'vitest'
import type { IHostPort, IHostResolution } from '@sennit/interfaces'
import { MemoryReactor } from '../src/index.ts'

/** Asks a reactor, and notes what is told; gives the lookup up at a word. */
function ask(reactor: MemoryReactor, name: string, options = {}, giveUpAt = '') {
  const told: string[] = []
  let resolution: IHostResolution | undefined
  const note = (word: string) => {
    told.push(word)
    if (word === giveUpAt) resolution?.cancel()
  }
  reactor.nameResolver.resolveHostName(
    {
      resolutionBegan(began) {
        resolution = began
        note(`began ${began.name}`)
      },
      addressResolved: (address: IHostPort) => note(address.toString()),
      resolutionComplete: (error) => note(error === undefined ? 'complete' : error.name),
    },
    name,
    options,
  )
  return told
}

describe('RecordedNames', () => {
  it('TE-10 answers inside the call, from what the test has told it', () => {
    const reactor = new MemoryReactor()
    reactor.names.addresses.set('db', ['10.0.0.5', '::5'])
    expect(ask(reactor, 'db', { port: 80 })).toEqual([
      'began db',
      'tcp:10.0.0.5:80',
      'tcp:[::5]:80',
      'complete',
    ])
    expect(ask(reactor, 'db', { family: 6 })).toEqual(['began db', 'tcp:[::5]:0', 'complete'])
    expect(ask(reactor, '127.0.0.1')).toEqual(['began 127.0.0.1', 'tcp:127.0.0.1:0', 'complete'])
    expect(ask(reactor, 'other')).toEqual(['began other', 'DNSLookupError'])
    expect(reactor.names.asked).toEqual(['db', 'db', '127.0.0.1', 'other'])
  })

  it('TE-10 tells nothing more once it is cancelled', () => {
    const reactor = new MemoryReactor()
    reactor.names.addresses.set('db', ['10.0.0.5', '10.0.0.6'])
    expect(ask(reactor, 'db', {}, 'tcp:10.0.0.5:0')).toEqual(['began db', 'tcp:10.0.0.5:0'])
  })

  it('TE-10 gives its place to another, and says which was there', () => {
    const reactor = new MemoryReactor()
    const other = { resolveHostName: () => ({ name: 'x', cancel() {} }) }
    expect(reactor.installNameResolver(other)).toBe(reactor.names)
    expect(reactor.nameResolver).toBe(other)
  })
})
