import { ClientService } from '@sennit/client'
import { clientFromString, service } from '@sennit/endpoints'
import type { Duration } from '@sennit/interfaces'
import { duplexFactory, handler } from '@sennit/protocol'
import { Application, hooks, MultiService } from '@sennit/service'
import { MemoryLog, MemoryWorld } from '@sennit/testing'
import { TimerService } from '@sennit/timer'
import { beforeEach, describe, expect, it } from 'vitest'
import { type StatusDocument, StatusService, type StatusServiceOptions } from '../src/index.ts'

let world: MemoryWorld
let log: MemoryLog
let status: StatusService
let app: Application

beforeEach(() => {
  world = new MemoryWorld({ seed: 1 })
  log = new MemoryLog()
})

function build(options: StatusServiceOptions = {}): Application {
  status = new StatusService('tcp:8127', { name: 'status', ...options })
  app = new Application('api', { reactor: world, log }, [
    status,
    new ClientService(clientFromString('tcp:broker:1'), duplexFactory(), { name: 'broker' }),
    new TimerService('10s', () => {}, { name: 'flush' }),
    service(
      'tcp:7000',
      handler(async (socket) => void socket.resume()),
      { name: 'lines' },
    ),
  ])
  return app
}

async function ask(path: string, headers = 'Host: localhost', method = 'GET') {
  const client = await world.run(world.connect('tcp:127.0.0.1:8127'))
  client.write(`${method} ${path} HTTP/1.1\r\n${headers}\r\nConnection: close\r\n\r\n`)
  await world.run(client.whenClosed)
  const [head = '', body = ''] = client.text().split('\r\n\r\n', 2)
  return { status: Number(head.split(' ')[1]), head, body }
}

describe('StatusService', () => {
  it('tells its tree, whatever lies between it and the root', async () => {
    build()
    status = new StatusService('tcp:8128', { name: 'inner' })
    await new MultiService({ name: 'group' }, [status]).setServiceParent(app)
    await world.run(app.startService())
    await world.advance('12s')
    const client = await world.run(world.connect('tcp:127.0.0.1:8128'))
    client.write('GET /tree.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
    await world.run(client.whenClosed)
    const told = JSON.parse(client.text().split('\r\n\r\n')[1]!) as StatusDocument
    expect(told.format).toBe(1)
    expect(told.ready).toBe(true)
    expect(told.tree.name).toBe('api')
    const facts = Object.fromEntries(told.tree.children.map((child) => [child.name, child.facts]))
    expect(facts['flush']).toMatchObject({ runs: 2, step: 10 })
    expect(facts['broker']).toMatchObject({
      connection: expect.any(String) as string,
      endpoint: 'tcp:broker:1',
    })
    expect(facts['lines']).toMatchObject({ connections: 0 })
    expect(told.tree.children.at(-1)!.children[0]!.path).toBe('api/group/inner')
  })

  it('shows the tree of another root when it is told so', async () => {
    const other = new Application('other', { reactor: world })
    build({ root: other })
    await world.run(app.startService())
    const told = JSON.parse((await ask('/tree.json')).body) as StatusDocument
    expect([told.tree.name, told.ready]).toEqual(['other', false])
    expect(await ask('/readyz')).toMatchObject({ status: 503, body: 'not ready: idle\n' })
    await world.run(other.startService())
    expect(await ask('/readyz')).toMatchObject({ status: 200, body: 'ok\n' })
  })

  it('is ready when the application is, and says so when readiness is withheld', async () => {
    await world.run(build().startService())
    expect(await ask('/readyz')).toMatchObject({ status: 200, body: 'ok\n' })
    app.withholdReady()
    expect(await ask('/readyz')).toMatchObject({ status: 503, body: 'not ready\n' })
    expect(await ask('/healthz')).toMatchObject({ status: 200 })
  })

  it('is not well when the application has failed', async () => {
    build()
    await world.run(app.startService())
    expect(await ask('/healthz')).toMatchObject({ status: 200, body: 'ok\n' })
    app.fail(new Error('gone'))
    expect(await ask('/healthz')).toMatchObject({ status: 503, body: 'failed\n' })
    expect(await ask('/readyz')).toMatchObject({ status: 503, body: 'not ready: failed\n' })
  })

  it('sends a document each second to those who watch, and ends them when it stops', async () => {
    await world.run(build().startService())
    const viewer = await world.run(world.connect('tcp:127.0.0.1:8127'))
    viewer.write('GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await world.advance('3500ms')
    const documents = [...viewer.text().matchAll(/^data: (.*)$/gm)].map(
      (match) => JSON.parse(match[1]!) as StatusDocument,
    )
    expect(documents).toHaveLength(4)
    expect(documents[3]!.time - documents[0]!.time).toBeCloseTo(3, 1)
    const began = world.seconds()
    await world.run(app.stopService())
    expect(world.seconds() - began).toBeLessThan(0.2)
    expect(viewer.text().endsWith('0\r\n\r\n')).toBe(true)
    world.assertQuiet()
  })

  it('answers those who watch at the same time from one look at the tree', async () => {
    let looks = 0
    build()
    await hooks('counted', {}).setServiceParent(app)
    const describe = app.describe.bind(app)
    app.describe = () => {
      looks++
      return describe()
    }
    await world.run(app.startService())
    const viewers = await Promise.all([1, 2, 3].map(() => world.run(world.connect('tcp:127.0.0.1:8127'))))
    for (const viewer of viewers) viewer.write('GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await world.advance('50ms')
    expect(looks).toBe(1)
    await world.advance('10s')
    expect(looks).toBeLessThanOrEqual(11)
    expect(viewers.map((viewer) => viewer.text().match(/^data: /gm)!.length)).toEqual([11, 11, 11])
  })

  it('tells the start of the process as the same moment each time', async () => {
    await world.run(build().startService())
    const seen = new Set<number>()
    for (let look = 0; look < 5; look++) {
      seen.add((JSON.parse((await ask('/tree.json')).body) as StatusDocument).process.startedAt)
      await world.advance('700ms')
    }
    expect(seen.size).toBe(1)
  })

  it('tells of the others when a service describes itself in no way that it knows', async () => {
    build()
    const strange = hooks('strange', {})
    strange.describe = () => null as never
    await strange.setServiceParent(app)
    await world.run(app.startService())
    const viewer = await world.run(world.connect('tcp:127.0.0.1:8127'))
    viewer.write('GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await world.advance('3500ms')
    expect(viewer.text().match(/^data: /gm)).toHaveLength(4)
    const { tree } = JSON.parse((await ask('/tree.json')).body) as StatusDocument
    expect(tree.children.map(({ name }) => name).slice(0, 4)).toEqual(['status', 'broker', 'flush', 'lines'])
    expect(tree.children[4]).toMatchObject({ state: 'unknown' })
    expect(await ask('/metrics')).toMatchObject({ status: 200 })
  })

  it('refuses those who watch beyond its limit, and answers the others', async () => {
    await world.run(build({ maxViewers: 0 }).startService())
    expect(await ask('/events')).toMatchObject({ status: 503, body: 'too many watch already\n' })
    expect(await ask('/tree.json')).toMatchObject({ status: 200 })
  })

  it('logs its address, and has it while it listens', async () => {
    build()
    expect(status.url).toBeUndefined()
    await world.run(app.startService())
    expect(status.url).toBe('http://127.0.0.1:8127/')
    expect(log.messages('info')).toContain('The status page is at http://127.0.0.1:8127/')
    await world.run(app.stopService())
    expect(status.url).toBeUndefined()
  })

  it.each([
    ['tcp:8127', 'tcp:127.0.0.1:8127'],
    ['TCP:8127:backlog=5', 'tcp:127.0.0.1:8127'],
    ['tcp:8127:interface=0.0.0.0', 'tcp:0.0.0.0:8127'],
    ['tcp6:8127', 'tcp:[::1]:8127'],
    ['haproxy:trusted=10.0.0.0/8:tcp:8127', 'tcp:127.0.0.1:8127'],
  ])('listens at %s as %s', async (endpoint, host) => {
    status = new StatusService(endpoint, { reactor: world, log })
    await world.run(status.startService())
    expect(status.getHost().toString()).toBe(host)
    await world.run(status.stopService())
  })

  it.each([
    [{ interval: 0 }, 'interval'],
    [{ interval: '50ms' }, 'interval'],
    [{ interval: Infinity }, 'interval'],
    [{ maxViewers: -1 }, 'maxViewers'],
    [{ maxViewers: 1.5 }, 'maxViewers'],
    [{ allowedHosts: 'localhost' }, 'allowedHosts'],
    [{ allowedHosts: ['status.internal:443'] }, 'allowedHosts'],
    [{ allowedHosts: [1] }, 'allowedHosts'],
    [{ root: null }, 'root'],
    [{ root: 'api' }, 'root'],
  ])('refuses %j', (options, option) => {
    expect(() => new StatusService('tcp:0', options as never)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_STATUS_OPTION', option }),
    )
  })

  it('refuses an endpoint that cannot be read', () => {
    expect(() => new StatusService('nonsense')).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_SYNTAX' }),
    )
  })
})

describe('requests', () => {
  beforeEach(async () => {
    await world.run(build({ allowedHosts: ['Status.Internal'] }).startService())
  })

  it.each(['/', '/page.js', '/page.css', '/tree.json', '/metrics', '/healthz', '/nowhere'])(
    'guards %s by headers',
    async (path) => {
      const { head } = await ask(path)
      expect(head).toContain(
        "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
          "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'\r\n",
      )
      expect(head).toContain('Cross-Origin-Opener-Policy: same-origin')
      expect(head).toContain('X-Content-Type-Options: nosniff')
      expect(head).toContain('Cross-Origin-Resource-Policy: same-origin')
      expect(head).toContain('Referrer-Policy: no-referrer')
      expect(head).toContain('Cache-Control: no-store')
      expect(head.toLowerCase()).not.toContain('access-control')
    },
  )

  it.each([
    ['/', 'text/html; charset=utf-8', '<!doctype html>'],
    ['/page.js', 'text/javascript; charset=utf-8', 'EventSource'],
    ['/page.css', 'text/css; charset=utf-8', ':root'],
    ['/icon.svg', 'image/svg+xml', '<svg'],
    ['/schema.json', 'application/schema+json; charset=utf-8', 'json-schema.org'],
    ['/metrics', 'text/plain; version=0.0.4; charset=utf-8', '# HELP sennit_ready'],
    ['/tree.json?x=1', 'application/json; charset=utf-8', '"format":1'],
  ])('serves %s as %s', async (path, type, text) => {
    const { status: code, head, body } = await ask(path)
    expect([code, head.includes(`Content-Type: ${type}\r\n`), body.includes(text)]).toEqual([200, true, true])
  })

  it('answers HEAD without a body', async () => {
    for (const path of ['/', '/tree.json', '/events']) {
      expect(await ask(path, 'Host: localhost', 'HEAD')).toMatchObject({ status: 200, body: '' })
    }
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])('refuses %s', async (method) => {
    const { status: code, head } = await ask('/tree.json', 'Host: localhost', method)
    expect(code).toBe(405)
    expect(head).toContain('Allow: GET, HEAD')
  })

  it.each(['evil.example', 'evil.example:8127', 'localhost.evil.example'])(
    'tells nothing to a page by the name %s',
    async (host) => {
      const { status: code, body } = await ask('/tree.json', `Host: ${host}`)
      expect([code, body.includes('api')]).toEqual([403, false])
    },
  )

  it.each([
    ['HTTP/1.1', 'Host: localhost\r\nHost: evil.example', 403],
    ['HTTP/1.1', 'Host: evil.example\r\nHost: localhost', 403],
    ['HTTP/1.1', 'Host:', 403],
    ['HTTP/1.1', 'X-No-Host: 1', 400],
    ['HTTP/1.0', 'X-No-Host: 1', 403],
    ['HTTP/1.0', 'Host: localhost', 200],
  ])('answers %s with %j by %i', async (version, headers, code) => {
    const client = await world.run(world.connect('tcp:127.0.0.1:8127'))
    client.write(`GET /tree.json ${version}\r\n${headers}\r\nConnection: close\r\n\r\n`)
    await world.run(client.whenClosed)
    expect(Number(client.text().split(' ')[1])).toBe(code)
    expect(client.text().includes('"format"')).toBe(code === 200)
  })

  it.each(['http://evil.example/tree.json', 'http://localhost/tree.json'])(
    'has no page %s: it is no proxy',
    async (url) => {
      expect(await ask(url)).toMatchObject({ status: 404 })
    },
  )

  it('answers one request after another, and refuses those that do not wait', async () => {
    const client = await world.run(world.connect('tcp:127.0.0.1:8127'))
    const request = 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'
    for (const times of [1, 2]) {
      client.write(request)
      await world.advance('100ms')
      expect(client.text().match(/^ok$/gm)).toHaveLength(times)
    }
    client.write(request.repeat(3))
    await world.run(client.whenClosed)
    expect(client.text().match(/^ok$/gm)).toHaveLength(3)
    expect(client.text().match(/^HTTP\/1.1 400 .*$/gm)).toHaveLength(1)
  })

  it('takes one who watches once for each connection', async () => {
    const client = await world.run(world.connect('tcp:127.0.0.1:8127'))
    client.write('GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(5))
    await world.advance('1500ms')
    expect(status.describe().facts['viewers']).toBe(1)
    client.abort()
    await world.advance('1500ms')
    expect(status.describe().facts['viewers']).toBe(0)
    await world.run(app.stopService())
    world.assertQuiet()
  })

  it('answers to a name that is allowed', async () => {
    expect(await ask('/healthz', 'Host: status.internal:8127')).toMatchObject({ status: 200 })
  })

  it.each([
    ['cross-site', 'cors', 'empty', 403],
    ['same-site', 'no-cors', 'script', 403],
    ['cross-site', 'navigate', 'iframe', 403],
    ['cross-site', 'navigate', 'document', 200],
    ['same-origin', 'cors', 'empty', 200],
    ['none', 'navigate', 'document', 200],
  ])('answers a request that is %s, %s, for a %s with %i', async (site, mode, dest, code) => {
    const headers = `Host: localhost\r\nSec-Fetch-Site: ${site}\r\nSec-Fetch-Mode: ${mode}\r\nSec-Fetch-Dest: ${dest}`
    expect(await ask('/tree.json', headers)).toMatchObject({ status: code })
  })

  it.each(['/nowhere', '/../package.json', '/page.js/', '//', '/tsconfig.json', '/%2e%2e/package.json'])(
    'has no page %s, and does not repeat its name',
    async (path) => {
      expect(await ask(path)).toMatchObject({ status: 404, body: 'there is no such page\n' })
    },
  )

  it.each<[string, string, Duration]>([
    ['nothing', '', '5s'],
    ['half a request', 'GET / HTTP/1.1\r\nHost: ', '5s'],
    ['half a body', 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf', '12s'],
  ])('does not wait for long for one who sends %s', async (_, text, rest) => {
    const client = await world.run(world.connect('tcp:127.0.0.1:8127'))
    client.write(text)
    await world.advance('3s')
    expect(status.describe().facts['connections']).toBe(1)
    await world.advance(rest)
    expect(status.describe().facts['connections']).toBe(0)
  })

  it('closes a connection on which an answer waits for a minute to be read', async () => {
    for (let child = 0; child < 3000; child++) await hooks(`child ${child}`, {}).setServiceParent(app)
    const client = await world.run(world.connect('tcp:127.0.0.1:8127'))
    client.pause()
    client.write('GET /tree.json HTTP/1.1\r\nHost: localhost\r\n\r\n')
    await world.advance('55s')
    expect(status.describe().facts['connections']).toBe(1)
    await world.advance('10s')
    expect(status.describe().facts['connections']).toBe(0)
  })

  it('serves a hundred connections, and refuses one more', async () => {
    for (let connection = 0; connection < 101; connection++)
      await world.run(world.connect('tcp:127.0.0.1:8127'))
    await world.advance('10ms')
    expect(status.describe().facts).toMatchObject({ connections: 100, refused: 1 })
  })

  it('refuses headers that are too large', async () => {
    const { status: code } = await ask('/', `Host: localhost\r\nX-Large: ${'x'.repeat(10_000)}`)
    expect(code).toBe(431)
  })
})
