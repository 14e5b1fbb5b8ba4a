import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { build, type Running, start } from './support/programs.ts'

const isRoot = process.getuid!() === 0

let folder: string
let running: Running[]

beforeAll(() => build(), 180_000)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sennit-run-'))
  running = []
})

afterEach(() => {
  for (const { child } of running) child.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

function begin(code: string, options: Parameters<typeof start>[1] = {}): Running {
  const program = start(code, options)
  running.push(program)
  return program
}

const SERVER = `
  const app = new Application('app', {}, [hooks('a', { stop: () => say('stop a') })])
  await run(app, { onReady: () => say('ready as ' + process.pid) })
`

describe('run and the operating system', { timeout: 30_000 }, () => {
  it.skipIf(!isRoot)('stops at SIGTERM as the first process of a PID namespace', async () => {
    const { child, line, ended } = begin(SERVER, {
      before: ['unshare', '--pid', '--fork', '--mount-proc', '--kill-child'],
    })
    await line('ready as 1')
    const [inner] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ')
    process.kill(Number(inner), 'SIGTERM')
    expect(await ended).toMatchObject({ code: 0, stdout: 'ready as 1\nstop a\n' })
  })

  it.skipIf(!isRoot).each([
    [`{ uid: 'nobody' }`, [65534, 65534, 65534, 65534]],
    [`{ uid: 65534, gid: 65534 }`, [65534, 65534, 65534, 65534]],
    [`{ uid: 'nobody', gid: 'daemon' }`, [65534, 65534, 1, 1]],
    [`{ gid: 'daemon' }`, [0, 0, 1, 1]],
  ])('AP-18 becomes %s, and cannot go back', async (options, [uid, euid, gid, egid]) => {
    const { ended } = begin(`
      import { readFileSync } from 'node:fs'
      const app = new Application('app', ${options}, [hooks('a', { start: () => {
        const status = readFileSync('/proc/self/status', 'utf8')
        say(JSON.stringify(['Uid', 'Gid', 'Groups'].map((name) => status.match(new RegExp(name + ':\\\\s*(.*)'))[1].split(/\\s+/).filter(Boolean).map(Number))))
        for (const back of ['setuid', 'seteuid']) {
          try { process[back](0); say(back + ' worked') } catch { say(back + ' refused') }
        }
      } })])
      await run(app, { for: '1ms' })
    `)
    const { code, stdout, stderr } = await ended
    expect([code, stderr]).toEqual([0, ''])
    const [ids, ...back] = stdout.trim().split('\n')
    const [uids, gids, groups] = JSON.parse(ids!) as number[][]
    expect(uids).toEqual([uid, euid, uid, uid])
    expect(gids).toEqual([gid, egid, gid, gid])
    if (uid !== 0) expect(groups).not.toContain(0)
    expect(back).toEqual(
      uid === 0 ? ['setuid worked', 'seteuid worked'] : ['setuid refused', 'seteuid refused'],
    )
  })

  it.skipIf(!isRoot)('AP-19 says that only root can become another user', async () => {
    const { ended } = begin(
      `await run(new Application('app', { uid: 0 }, [hooks('a', { start: () => say('started') })]))`,
      { before: ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] },
    )
    const { code, stdout, stderr } = await ended
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain('only root can become another user')
  })

  it.skipIf(!isRoot)('is content with a user that it is already', async () => {
    const { ended } = begin(
      `await run(new Application('app', { uid: 65534, gid: 65534 }, [hooks('a', { start: () => say('started') })]), { for: '1ms' })`,
      { before: ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] },
    )
    expect(await ended).toMatchObject({ code: 0, stdout: 'started\n', stderr: '' })
  })

  it('AP-20 makes files with the permissions that its umask leaves', async () => {
    const path = join(folder, 'file')
    const { ended } = begin(`
      import { writeFileSync } from 'node:fs'
      await run(new Application('app', {}, [hooks('a', { privilegedStart: () => writeFileSync(${JSON.stringify(path)}, '') })]), { umask: '0137', for: '1ms' })
    `)
    expect((await ended).code).toBe(0)
    expect(statSync(path).mode & 0o777).toBe(0o640)
  })

  it('stops well when nobody reads its output or its errors any more', async () => {
    const path = join(folder, 'stopped')
    const { child, line, ended } = begin(`
      import { writeFileSync } from 'node:fs'
      setInterval(() => { say('x'.repeat(1000)); process.stderr.write('y'.repeat(1000)) }, 5).unref()
      await run(new Application('app', {}, [hooks('a', { stop: () => writeFileSync(${JSON.stringify(path)}, '') })]), { onReady: () => say('ready') })
    `)
    await line('ready')
    child.stdout.destroy()
    child.stderr.destroy()
    await wait(300)
    child.kill('SIGTERM')
    expect((await ended).code).toBe(0)
    expect(statSync(path).isFile()).toBe(true)
  })

  it('ends a stop that hangs by its deadline, names each culprit and what keeps the process alive', async () => {
    const { child, line, ended } = begin(`
      import { createServer } from 'node:net'
      createServer().listen(0, '127.0.0.1')
      const never = () => new Promise(() => {})
      const app = new Application('app', { stopTimeout: '300ms' }, [
        hooks('good', { stop: () => say('stop good') }),
        hooks('one', { stop: never }),
        hooks('two', { stop: never }),
      ])
      const code = await run(app, { onReady: () => say('ready') })
      process.exit(code)
    `)
    await line('ready')
    child.kill('SIGTERM')
    const { code, stdout, stderr } = await ended
    expect(code).toBe(1)
    expect(stdout).toContain('stop good')
    expect(stderr).toContain("'app/two'")
    expect(stderr).toContain('the process is kept alive by 1 TCPServerWrap')
  })

  it('says what keeps a process alive that does not end after its application', async () => {
    const { child, line, ended } = begin(`
      setInterval(() => {}, 1000)
      await run(new Application('app'), { for: '1ms' })
      say('over')
    `)
    await line('over')
    await wait(6000)
    child.kill('SIGKILL')
    const { stdout, stderr } = await ended
    expect(stdout).toBe('over\n')
    expect(stderr).toContain('The application has stopped, the process has not: 1 Timeout')
  })

  it('does not stay alive to say so', async () => {
    const from = performance.now()
    const { ended } = begin(`await run(new Application('app'), { for: '1ms' })`)
    expect(await ended).toMatchObject({ code: 0, stderr: '' })
    expect(performance.now() - from).toBeLessThan(4500)
  })

  it('RX-23 ends with 0 also when the second half of one signal comes as it goes, after all listeners of its end', async () => {
    const ends: string[] = []
    for (let at = 0; at < 30; at++) {
      const program = begin(`
        await run(new Application('app', {}, [hooks('a', {})]), { onReady: () => say('ready') })
        process.on('exit', (code) => process.stdout.write('exit ' + code))
      `)
      await program.line('ready')
      program.child.kill('SIGINT')
      await wait(at / 2)
      program.child.kill('SIGINT')
      const { code, signal, stdout } = await program.ended
      ends.push(`${code ?? signal} ${stdout.trim()}`)
    }
    expect(new Set(ends)).toEqual(new Set(['0 ready\nexit 0']))
  })

  it('ends with SIGHUP as every program does, unless it is told to listen to it', async () => {
    const first = begin(SERVER)
    await first.line(`ready as ${first.child.pid}`)
    first.child.kill('SIGHUP')
    expect(await first.ended).toMatchObject({ signal: 'SIGHUP' })
    const second = begin(SERVER.replace('onReady', `signals: ['SIGHUP'], onReady`))
    await second.line(`ready as ${second.child.pid}`)
    second.child.kill('SIGHUP')
    expect(await second.ended).toMatchObject({ code: 0 })
  })
})
