/** A PostgreSQL server of the test's own, in a folder of its own, on a UNIX socket. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** Where the programs of PostgreSQL are; nothing when it is not installed. */
export function postgresPrograms(): string | undefined {
  const { stdout } = spawnSync('sh', ['-c', 'command -v initdb; ls -d /usr/lib/postgresql/*/bin/initdb'], {
    encoding: 'utf8',
  })
  const [first] = (stdout ?? '').split('\n').filter(Boolean)
  return first === undefined ? undefined : dirname(first)
}

/** PostgreSQL refuses to run as root: then it runs as the user that its package made. */
function user(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {}
  const idOf = (flag: string) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout)
  return { uid: idOf('-u'), gid: idOf('-g') }
}

/** One server; `start` and `kill` may alternate. */
export class PostgresServer {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'sennit-postgres-'))
  readonly #programs: string
  #child: ChildProcess | undefined

  constructor(programs: string) {
    this.#programs = programs
    const { uid, gid } = user()
    if (uid !== undefined && gid !== undefined) chownSync(this.folder, uid, gid)
    const { status, stderr } = spawnSync(
      join(programs, 'initdb'),
      ['--pgdata', this.#data, '--username', 'sennit', '--auth', 'trust', '--no-sync'],
      { ...user(), cwd: this.folder, encoding: 'utf8' },
    )
    if (status !== 0) throw new Error(`initdb failed: ${stderr}`)
  }

  get #data(): string {
    return join(this.folder, 'data')
  }

  /** What a client connects with. */
  get where(): { host: string; user: string; database: string } {
    return { host: this.folder, user: 'sennit', database: 'postgres' }
  }

  /** Settles when it takes connections. */
  async start(): Promise<void> {
    const child = spawn(
      join(this.#programs, 'postgres'),
      ['-D', this.#data, '-h', '', '-k', this.folder, '-F'],
      {
        ...user(),
        cwd: this.folder,
        stdio: ['ignore', 'ignore', 'pipe'],
      },
    )
    this.#child = child
    let said = ''
    child.stderr.setEncoding('utf8')
    for await (const chunk of child.stderr) {
      said += String(chunk)
      if (said.includes('database system is ready to accept connections')) break
    }
    if (!said.includes('ready to accept')) throw new Error(`postgres did not start: ${said}`)
  }

  /** Ends the server, and every connection, at once. */
  async kill(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined || child.exitCode !== null) return
    const gone = once(child, 'exit')
    // An immediate shutdown: no goodbye to anybody, and no memory left behind.
    child.kill('SIGQUIT')
    await gone
  }

  async dispose(): Promise<void> {
    await this.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
