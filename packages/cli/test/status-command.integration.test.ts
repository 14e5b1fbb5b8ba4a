import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { events, project, SENNIT } from './support/command.ts'

const { folder, module, sennit, start } = project()
const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections()
  }
})

/** A process that says of itself what the test wants. */
async function impostor(document: () => unknown): Promise<string> {
  const server = createServer((_request, response) => {
    const answer = document()
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer))
  })
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `tcp:127.0.0.1:${(server.address() as AddressInfo).port}`
}

const TREE = { kind: 'Application', name: 'relay', state: 'running', since: 990, facts: {}, children: [] }
const DOCUMENT = { format: 1, time: 1000, ready: true, process: { pid: 7 }, tree: TREE }

describe('sennit status', { timeout: 30_000 }, () => {
  it('shows the tree of a process that was started with --status, over TCP and over a UNIX socket', async () => {
    const file = module(
      'app.mjs',
      `class Feed extends Service { facts() { return { bytesRead: 1500, step: 10 } } }
      export default new Application('relay', {}, [new Feed({ name: 'feed' }), hooks('evil\\u001b[2J', {})])`,
    )
    const shown: Record<string, string>[] = []
    const ask = async (address: string): Promise<void> => {
      const { code, stdout, stderr } = await sennit(['status', address])
      shown.push({ code: String(code), stdout, stderr })
    }
    const tcp = await sennit(
      ['run', file, '--status', 'tcp:0'],
      [
        'has started',
        async (child, output) => {
          await ask(/http:\/\/127\.0\.0\.1:\d+\//.exec(output)![0])
          child.kill('SIGTERM')
        },
      ],
    )
    expect(tcp).toMatchObject({ code: 0, stderr: '' })
    const socket = join(folder, 'status.sock')
    const unix = await sennit(
      ['run', '--status', `unix:${socket}`, file],
      [
        'has started',
        async (child) => {
          await ask(`unix:${socket}`)
          child.kill('SIGTERM')
        },
      ],
    )
    expect(unix).toMatchObject({ code: 0, stderr: '' })
    expect(shown).toHaveLength(2)
    for (const { code, stdout, stderr } of shown) {
      expect([code, stderr]).toEqual(['0', ''])
      expect(stdout).toMatch(/^ready {2}pid \d+ {2}up [\d.]+ \w+ .*node v\d+/)
      expect(stdout).toMatch(/\nrelay {2,}Application +running +[\d.]+ \S+ +services 2\n/)
      expect(stdout).toMatch(/\n├─ feed +Feed +running +\S+ \S+ +bytesRead 1\.5 kB {2}step 10 s\n/)
      expect(stdout).toMatch(/\n└─ evil\\x1b\[2J +HookService +running/)
    }
  })

  it('tells whether the process is ready: after --ready-delay, and not any more during --drain-delay', async () => {
    const file = module('ready.mjs', `export default hooks('a', { stop: () => say('stopped') })`)
    const seen: unknown[] = []
    let url = ''
    const look = async (): Promise<void> => {
      seen.push((await fetch(`${url}readyz`)).status)
    }
    const args = ['--status', 'tcp:0', '--ready-delay', '400ms', '--drain-delay', '1s']
    const { code, stderr } = await sennit(
      ['run', file, ...args],
      [
        'status page',
        async (_child, output) => {
          url = /http:\/\/127\.0\.0\.1:\d+\//.exec(output)![0]
          await look()
        },
      ],
      [
        'has started',
        async (child) => {
          await look()
          child.kill('SIGTERM')
        },
      ],
      ['told to stop', look],
    )
    expect([code, stderr, seen]).toEqual([0, 'stopped\n', [503, 200, 503]])
  })

  it('keeps a process that cannot have its status page from starting', async () => {
    const taken = await impostor(() => '')
    const file = module('app.mjs', `export default new Application('relay', {}, [])`)
    const { code, messages } = await sennit([
      'run',
      file,
      `--status=${taken.replace('tcp:127.0.0.1', 'tcp')}`,
    ])
    expect([code, messages]).toEqual([
      1,
      [expect.stringMatching(/^sennit: Cannot start app\.mjs: .*127\.0\.0\.1:\d+/)],
    ])
  })

  it('yields the document itself as one line of JSON, which harms no terminal either', async () => {
    const document = { ...DOCUMENT, extra: ['\u009b2J', '\u202e'] }
    const { code, stdout } = await sennit(['status', await impostor(() => document), '--json'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^[\u0020-\u007e]*\n$/)
    expect(JSON.parse(stdout)).toEqual(document)
  })

  it.each([
    ['is no JSON', '<html>', /no status page of Sennit: .*JSON/],
    [
      'is of a later form',
      { format: 2 },
      /no status page of Sennit: it is of form 2, this command reads form 1/,
    ],
  ])('says so when what answers %s', async (_what, document, message) => {
    for (const more of [[], ['--json'], ['--watch']]) {
      const { code, stdout, stderr } = await sennit(['status', await impostor(() => document), ...more])
      expect([code, stdout]).toEqual([1, ''])
      expect(stderr).toMatch(message)
    }
  })

  it('says in one line, with the address, that nobody is there', async () => {
    const { code, stdout, stderr } = await sennit(['status', `unix:${join(folder, 'nowhere.sock')}`])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(
      /^sennit: Cannot read the status of unix:\/.*nowhere\.sock: there is no such socket \(ENOENT\)\n$/,
    )
  })

  it('--watch shows it again and again, also when the process goes and comes back, until a signal', async () => {
    let count = 0
    const address = await impostor(() => (++count === 2 ? 'gone' : { ...DOCUMENT, time: 990 + count }))
    const args = ['status', address, '--watch', '--interval', '100ms']
    const { code, stdout, stderr } = await sennit(args, ['3 s', (child) => child.kill('SIGINT')])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/running {2}1 s\n\nCannot read the status of .*JSON\n\n[^]*running {2}3 s\n\n$/)
  })

  it('--watch --json writes one document a line, and what goes wrong to stderr', async () => {
    let count = 0
    const address = await impostor(() => (++count === 2 ? 'gone' : { ...DOCUMENT, count }))
    const args = ['status', address, '--watch', '--json', '--interval', '100ms']
    const { code, stdout, stderr } = await sennit(args, ['"count":3', (child) => child.kill('SIGTERM')])
    expect(code).toBe(0)
    expect(events(stdout)).toMatchObject([{ count: 1 }, { count: 3 }])
    expect(stderr).toMatch(/^sennit: Cannot read the status of .*\n$/)
  })

  it('--watch ends when nobody reads it any more', async () => {
    const address = await impostor(() => DOCUMENT)
    const command = `'${process.execPath}' '${SENNIT}' status ${address} --watch --interval 100ms | head -c 1`
    const child = start('sh', ['-c', command])
    expect(await once(child, 'close')).toEqual([0, null])
  })

  it('has colours on a terminal, and one picture over the other; none with NO_COLOR', async () => {
    const address = await impostor(() => DOCUMENT)
    const onTerminal = async (args: string, env: object): Promise<string> => {
      const command = `stty cols 200 rows 4; exec '${process.execPath}' '${SENNIT}' status ${address} ${args}`
      const child = start('script', ['-qec', command, '/dev/null'], {
        env: { PATH: process.env['PATH'], TERM: 'xterm', ...env },
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      let text = ''
      child.stdout!.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
        // Ctrl-C.
        if (args.includes('--watch') && !child.stdin!.writableEnded && text.split('running').length > 2)
          child.stdin!.end('\u0003')
      })
      await once(child, 'close')
      return text
    }
    expect(await onTerminal('', {})).toContain('\u001b[32mrunning\u001b[39m')
    expect(await onTerminal('', { NO_COLOR: '1' })).not.toContain('\u001b')
    expect(await onTerminal('', { TERM: 'dumb' })).not.toContain('\u001b')
    const watched = await onTerminal('--watch --interval 100ms', {})
    expect(watched.split('\u001b[2J')).toHaveLength(2)
    expect(watched.split('\u001b[H').length).toBeGreaterThan(2)
  })
})
