import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clientFromString, serverFromString } from '../src/from-string.ts'
import { clientEndpointTypes, serverEndpointTypes } from '../src/known-types.ts'
import { anyText, EndpointReactor } from './doubles.ts'

/** How reading a string ends: with an endpoint, or with the error that is made for it. */
function outcome(read: () => unknown): 'endpoint' | 'refused' {
  try {
    read()
    return 'endpoint'
  } catch (error) {
    expect((error as { code?: unknown }).code).toBe('ERR_SENNIT_ENDPOINT_SYNTAX')
    expect((error as Error).message.length).toBeLessThan(1000)
    return 'refused'
  }
}

describe('the text of an endpoint', () => {
  it.each([
    'tcp:0',
    'tcp:80:interface=127.0.0.1:backlog=7',
    'tcp:80:interface=[::1]',
    'tcp6:80:interface=[::]:backlog=7',
    'tls:443:privateKey=key.pem',
    String.raw`tls:443:privateKey=/a\:b/key.pem:certificate=/a\:b/cert.pem:extraCertChain=chain.pem:dhParameters=dh.pem:serverNames=/certs:minVersion=TLSv1.3:maxVersion=TLSv1.3:alpn=h2,http/1.1:interface=[::1]:backlog=7:handshakeTimeout=3:reload=60`,
    'tls:443:serverNames=/certs:reload=0',
    'ssl:443:privateKey=server.pem',
    'ssl:443:privateKey=server.pem:certKey=cert.pem:extraCertChain=c.pem:dhParameters=d.pem:minVersion=TLSv1.2:maxVersion=TLSv1.2:interface=127.0.0.1:backlog=7:reload=5',
    'unix:/run/a.sock',
    String.raw`unix:/run/a\:b\=c.sock:mode=600:backlog=7:lockfile=0`,
    'systemd:domain=INET6:index=2',
    String.raw`systemd:domain=UNIX:name=a\:b`,
    'fd:3',
    'fd:3:domain=UNIX',
    'haproxy:tcp:80:interface=127.0.0.1',
    String.raw`haproxy:trusted=10.0.0.0/8,fd00\:\:/8:headerTimeout=2:tls:443:privateKey=key.pem`,
    'haproxy:haproxy:unix:/run/a.sock',
  ])('reads back to the same server: %s', (description) => {
    expect(String(serverFromString(description))).toBe(description)
  })

  it.each([
    'tcp:carbon:2003',
    'tcp:carbon:2003:timeout=1.5:bindAddress=10.0.0.1:bindPort=7:attemptDelay=0.1:keepAlive=20',
    'tcp:carbon:2003:keepAlive=false',
    'tcp:[::1]:2003:bindAddress=[::2]',
    'tcp4:carbon:2003',
    'tcp6:carbon:2003:timeout=5',
    'tls:carbon:443',
    'tls:carbon:443:timeout=5:bindAddress=10.0.0.1:family=6:certificate=c.pem:privateKey=k.pem:trustRoots=/roots:servername=feed.example:alpn=h2:handshakeTimeout=3',
    String.raw`tls:feed.example:endpoint=unix\:/run/a.sock:trustRoots=/roots:handshakeTimeout=3`,
    String.raw`tls:feed.example:endpoint=tls\:relay\:443\:timeout\=5`,
    'ssl:carbon:443',
    'ssl:carbon:443:family=4:certKey=c.pem:privateKey=k.pem:caCertsDir=/roots:hostname=feed.example:handshakeTimeout=3',
    'unix:/run/a.sock',
    String.raw`unix:/run/a\:b.sock:timeout=5:lockfile=1`,
  ])('reads back to the same client: %s', (description) => {
    expect(String(clientFromString(description))).toBe(description)
  })

  it('EP-40 has the name as it is looked up', () => {
    expect(String(clientFromString('tcp:bücher.example:80'))).toBe('tcp:xn--bcher-kva.example:80')
    expect(String(clientFromString('tls:bücher.example:443'))).toBe('tls:xn--bcher-kva.example:443')
  })
})

describe('reading a string', () => {
  it('EP-80 does nothing but reading', () => {
    const reactor = new EndpointReactor()
    reactor.inheritedSockets = () => {
      throw new Error('asked for sockets')
    }
    for (const description of [
      'tls:443:privateKey=/nowhere/key.pem:serverNames=/nowhere',
      'ssl:443',
      'unix:/nowhere/a.sock',
      'systemd:domain=INET:index=0',
      'fd:3',
      'haproxy:ssl:443',
    ]) {
      serverFromString(description, { reactor })
    }
    for (const description of [
      'tls:carbon:443:certificate=/nowhere/c.pem:trustRoots=/nowhere',
      'ssl:carbon:443:caCertsDir=/nowhere',
      String.raw`tls:carbon:endpoint=unix\:/nowhere/a.sock`,
      'unix:/nowhere/a.sock',
    ]) {
      clientFromString(description, { reactor })
    }
    expect(reactor.files.reads).toEqual([])
    expect(reactor.files.watched).toEqual([])
  })

  const junk = fc.oneof(
    anyText,
    fc
      .array(
        fc.constantFrom(':', '=', '\\', '[', ']', '__proto__', 'constructor', '80', 'port', '::1', '', '/'),
      )
      .map((parts) => parts.join('')),
  )

  it.each([
    ['serverFromString', (description: string) => serverFromString(description), serverEndpointTypes.names],
    ['clientFromString', (description: string) => clientFromString(description), clientEndpointTypes.names],
  ] as const)('EP-68 %s takes junk for an endpoint or refuses it by its own error', (_name, read, types) => {
    fc.assert(
      fc.property(fc.constantFrom('', ...types.map((type) => `${type}:`)), junk, (type, rest) => {
        expect(['endpoint', 'refused']).toContain(outcome(() => read(`${type}${rest}`)))
      }),
      { numRuns: 2000 },
    )
  })

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    'EP-68 takes the keyword %s for an unknown one, and changes no prototype',
    (keyword) => {
      const before = Object.getOwnPropertyNames(Object.prototype)
      expect(outcome(() => serverFromString(`tcp:80:${keyword}=polluted`))).toBe('refused')
      expect(outcome(() => clientFromString(`${keyword}=x:tcp:carbon:80:${keyword}=polluted`))).toBe(
        'refused',
      )
      expect(outcome(() => serverFromString(`${keyword}:80`))).toBe('refused')
      expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
      expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    },
  )

  it.each(['a', ':', '=', '\\', '[', 'tcp:80:'])('refuses a megabyte of %j for its length', (part) => {
    const text = part.repeat(Math.ceil(2 ** 20 / part.length))
    expect(outcome(() => serverFromString(text))).toBe('refused')
    expect(outcome(() => clientFromString(text))).toBe('refused')
    expect(() => serverFromString(text)).toThrow(/'description' must be at most 4096 characters long/)
  })

  it('reads the deepest strings that fit', () => {
    expect(String(serverFromString(`${'haproxy:'.repeat(500)}tcp:80`))).toBe(
      `${'haproxy:'.repeat(500)}tcp:80`,
    )
  })
})
