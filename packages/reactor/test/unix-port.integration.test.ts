import fs from 'node:fs'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { IInspectable, IListeningPort, UNIXListenOptions } from '@sennit/interfaces'
import { handler, UNIXAddress } from '@sennit/protocol'
import type { NodeReactor } from '../src/index.ts'
import { assertNothingLogged, Cleanup, logged, RecordingFactory, type TestLog, turns, until } from './kit.ts'
import { SocketFolder } from './socket-folder.ts'

/** As much of Node's pipes as is needed. */
interface Pipe {
  bind(path: string): void
  listen(backlog: number): void
  close(): void
}

describe('listenUNIX', () => {
  let cleanup: Cleanup
  let reactor: NodeReactor
  let log: TestLog
  let files: SocketFolder
  let path: string

  beforeEach(() => {
    cleanup = new Cleanup()
    ;({ reactor, log } = logged())
    files = new SocketFolder()
    path = files.path()
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await cleanup.run()
    files.dispose()
    assertNothingLogged(log)
  })

  async function listen(
    options: UNIXListenOptions = {},
    factory = new RecordingFactory(),
    at = path,
  ): Promise<IListeningPort & IInspectable> {
    const port = await reactor.listenUNIX(at, factory, { drainTimeout: 0.2, ...options })
    cleanup.add(() => port.stopListening())
    return port as IListeningPort & IInspectable
  }

  it.each(['a new path', 'a stale one'])(
    'lets Node go on following links to modules; at %s',
    async (which) => {
      const folder = files.path()
      fs.mkdirSync(`${folder}/real/module`, { recursive: true })
      fs.symlinkSync('real', `${folder}/link`)
      for (const each of ['real/known.js', 'real/module/index.js'])
        fs.writeFileSync(`${folder}/${each}`, 'module.exports = __filename')
      const load = createRequire(`${folder}/x.js`)
      expect(load('./real/known.js')).toBe(fs.realpathSync(`${folder}/real/known.js`))
      if (which === 'a stale one') await files.put(path, 'stale socket')
      await (await listen()).stopListening()
      expect(load('./link/module')).toBe(fs.realpathSync(`${folder}/real/module/index.js`))
    },
  )

  /** A plain client; what it got when it was closed, or the code of the error. */
  function talk(at = path): Promise<string> {
    return new Promise((resolve) => {
      let text = ''
      connect(at)
        .on('data', (chunk) => (text += String(chunk)))
        .on('error', ({ code }: NodeJS.ErrnoException) => resolve(code!))
        .on('close', () => resolve(text))
    })
  }

  const greet = handler(async (stream) => void stream.end('hello'))

  it('PR-26 RX-28 gives its path, and leaves nothing beside the socket', async () => {
    const port = await listen()
    expect(port.getHost()).toEqual(new UNIXAddress(path))
    expect(fs.readdirSync(files.folder)).toEqual(['1'])
    expect(port.describe()).toMatchObject({
      kind: 'UNIXPort',
      state: 'serving',
      facts: { address: `unix:${path}`, connections: 0 },
    })
    expect(reactor.describe().children).toHaveLength(1)
    await port.stopListening()
    expect(fs.readdirSync(files.folder)).toEqual([])
    expect(reactor.describe().children).toEqual([])
  })

  it('PR-26 fault 18: what is put in place has the right mode, listens, and was bound where nobody else can look', async () => {
    const umask = process.umask(0)
    cleanup.add(() => process.umask(umask))
    const seen: string[] = []
    const link = fs.linkSync
    vi.spyOn(fs, 'linkSync').mockImplementation((from, to) => {
      const folder = String(from).slice(0, String(from).lastIndexOf('/'))
      for (const each of [String(from), folder]) seen.push((fs.lstatSync(each).mode & 0o7777).toString(8))
      link(from, to)
    })
    await listen({ mode: 0o640 })
    expect(seen).toEqual(['640', '700'])
    expect(files.modeOf(path)).toBe(0o640)
  })

  it('PR-26 fault 14: of two who find the same stale file, one gets it, and is reached', async () => {
    await files.put(path, 'stale socket')
    const opened = await Promise.allSettled(
      Array.from({ length: 4 }, () => reactor.listenUNIX(path, greet, { drainTimeout: 0.2 })),
    )
    const ports = opened.filter((each) => each.status === 'fulfilled').map(({ value }) => value)
    for (const port of ports) cleanup.add(() => port.stopListening())
    const codes = opened.filter((each) => each.status === 'rejected').map(({ reason }) => reason.code)
    expect(codes).toEqual(['EADDRINUSE', 'EADDRINUSE', 'EADDRINUSE'])
    await expect(talk()).resolves.toBe('hello')
    expect(fs.readdirSync(files.folder)).toEqual(['1'])
  })

  it('PR-26 fault 14: who has bound, and listens a moment later, is not taken for gone', async () => {
    // Only Node's own parts can bind without listening.
    const { binding } = process as unknown as { binding(name: string): { Pipe: new (kind: number) => Pipe } }
    const pipe = new (binding('pipe_wrap').Pipe)(1)
    cleanup.add(() => pipe.close())
    pipe.bind(path)
    const opening = listen()
    const refused = expect(opening).rejects.toMatchObject({ code: 'EADDRINUSE' })
    await turns(5)
    pipe.listen(5)
    await refused
    expect(fs.readdirSync(files.folder)).toEqual(['1'])
  })

  it('PR-26 the file of a socket for datagrams, a folder and a symbolic link are in the way', async () => {
    const [folder, link] = [files.path(), files.path()]
    fs.mkdirSync(folder)
    fs.symlinkSync('nowhere', link)
    for (const at of [folder, link]) {
      await expect(listen({}, undefined, at)).rejects.toMatchObject({
        name: 'CannotListenError',
        code: 'EADDRINUSE',
        syscall: 'listen',
        address: at,
      })
    }
    expect(fs.readdirSync(files.folder)).toHaveLength(2)
  })

  it('what the system says when the socket cannot be put in place is the error, and nothing is left', async () => {
    vi.spyOn(fs, 'linkSync').mockImplementation(() => {
      throw Object.assign(new Error('EPERM: link'), { code: 'EPERM', syscall: 'link' })
    })
    const factory = new RecordingFactory()
    await expect(listen({ wantPID: true }, factory)).rejects.toMatchObject({
      name: 'CannotListenError',
      code: 'EPERM',
      port: path,
    })
    expect(factory.events).toEqual([])
    expect(fs.readdirSync(files.folder)).toEqual([])
  })

  it('a missing folder is ENOENT, and said in the message', async () => {
    const at = `${path}/socket`
    const failure = await listen({}, undefined, at).catch((error: Error) => error)
    expect(failure).toMatchObject({ code: 'ENOENT' })
    expect((failure as Error).message).toContain(`Cannot listen on ${at}: ENOENT`)
  })

  it('fault 16: a path that is as long as can be needs no shorter folder', async () => {
    const longest = path.padEnd(107, 'x')
    const port = await listen({ mode: 0o600 }, new RecordingFactory(), longest)
    expect(files.modeOf(longest)).toBe(0o600)
    expect(fs.readdirSync(files.folder)).toHaveLength(1)
    const client = connect(longest)
    await new Promise((resolve) => client.once('connect', resolve))
    client.destroy()
    await port.stopListening()
    expect(fs.readdirSync(files.folder)).toEqual([])
  })

  it('PR-26 a relative path is where it was when the port was opened', async () => {
    const home = process.cwd()
    process.chdir(files.folder)
    try {
      const port = await listen({ wantPID: true }, undefined, 'relative')
      expect(String(port.getHost())).toBe('unix:relative')
      process.chdir(home)
      await port.stopListening()
    } finally {
      process.chdir(home)
    }
    expect(fs.readdirSync(files.folder)).toEqual([])
  })

  it('PR-26 a relative path is where it was when the listening began, wherever the process goes meanwhile', async () => {
    await files.put(path, 'stale socket')
    const home = process.cwd()
    process.chdir(files.folder)
    try {
      const opening = reactor.listenUNIX(path.slice(files.folder.length + 1), greet)
      process.chdir(home)
      const port = await opening
      expect(await talk()).toBe('hello')
      await port.stopListening()
    } finally {
      process.chdir(home)
    }
    expect(fs.readdirSync(files.folder)).toEqual([])
  })

  it('fault 14: a relative path whose absolute one is too long is listened at, and a stale file there is found out', async () => {
    const folder = `${files.folder}/${'x'.repeat(100)}`
    const home = process.cwd()
    fs.mkdirSync(folder)
    process.chdir(folder)
    try {
      await files.put('s', 'stale socket')
      const port = await listen({}, undefined, 's')
      await expect(listen({}, undefined, 's')).rejects.toMatchObject({ code: 'EADDRINUSE' })
      await port.stopListening()
      expect(fs.readdirSync(folder)).toEqual([])
    } finally {
      process.chdir(home)
    }
  })

  it('fault 14: the private folders of processes that were killed are removed, and nothing else', async () => {
    const long = new Date(Date.now() - 3_600_000)
    const names = ['.sennit-killed', '.sennit-recent', '.sennit-filled', '.sennit-somewhat', 'another']
    for (const name of names) fs.mkdirSync(`${files.folder}/${name}`)
    await files.put(`${files.folder}/.sennit-killed/s`, 'stale socket')
    fs.writeFileSync(`${files.folder}/.sennit-filled/kept`, '')
    for (const name of names) {
      if (name !== '.sennit-recent') fs.utimesSync(`${files.folder}/${name}`, long, long)
    }
    const port = await listen()
    await port.stopListening()
    expect(fs.readdirSync(files.folder)).toEqual(names.slice(1).toSorted())
    expect(fs.readdirSync(`${files.folder}/.sennit-filled`)).toEqual(['kept'])
  })

  it('what connected before the stop is served, and nobody comes after it', async () => {
    const port = await reactor.listenUNIX(path, greet)
    const clients = Array.from({ length: 20 }, () => talk())
    const stopped = port.stopListening()
    await expect(talk()).resolves.toBe('ENOENT')
    await stopped
    expect(await Promise.all(clients)).toEqual(Array(20).fill('hello'))
  })

  it('a start that is given up, or a factory that cannot start, leaves neither file nor lock', async () => {
    const reason = new Error('not any more')
    const controller = new AbortController()
    const opening = listen({ wantPID: true, signal: controller.signal })
    controller.abort(reason)
    await expect(opening).rejects.toBe(reason)
    expect(fs.readdirSync(files.folder)).toEqual([])
    const factory = new RecordingFactory()
    factory.doStart = () => {
      throw reason
    }
    await expect(listen({ wantPID: true }, factory)).rejects.toBe(reason)
    expect(fs.readdirSync(files.folder)).toEqual([])
  })

  it('PR-26 a file that is gone, or cannot be removed, does not hold up the stop', async () => {
    const [gone, kept] = [await listen(), await listen({}, undefined, files.path())]
    files.remove(path)
    await gone.stopListening()
    const unlink = vi.spyOn(fs, 'unlinkSync').mockImplementation(() => {
      throw Object.assign(new Error('EROFS'), { code: 'EROFS' })
    })
    await kept.stopListening()
    expect(unlink).toHaveBeenCalledTimes(1)
    expect(kept.describe().state).toBe('stopped')
  })

  it('RX-20 is shut down with its connections, for a reason', async () => {
    const factory = new RecordingFactory()
    const port = await reactor.listenUNIX(path, factory)
    const client = talk()
    await until(() => factory.protocols.length === 1)
    const reason = new Error('the end')
    await (port as IListeningPort & { shutDown(reason: Error): unknown }).shutDown(reason)
    expect(factory.protocols[0]!.reason).toBe(reason)
    expect(factory.events.at(-1)).toBe('doStop')
    await expect(client).resolves.toBe('')
    expect(fs.readdirSync(files.folder)).toEqual([])
  })
})
