/** What the command does inside the process of the test: nothing else sees what it calls. */
import { join } from 'node:path'
import { systemClock } from '@sennit/runtime'
import { Application, hooks } from '@sennit/service'
import { StatusService } from '@sennit/status'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { answer } from '../src/answer.ts'
import { Output } from '../src/output.ts'
import { folderWith } from './support/folder.ts'
import { MemoryDescriptor, memoryTerminal, type MemoryTerminal } from './support/memory-terminal.ts'

const BARE =
  'name: "bare", setName() {}, setServiceParent(parent) { this.parent = parent; return parent.addService(this) }, disownServiceParent() {}, privilegedStartService() {}'
const folder = folderWith({
  'good.mjs': `export default { ${BARE}, startService() {}, stopService() {} }`,
  'bad-start.mjs': `export default { ${BARE}, startService() { throw new Error('no port') }, stopService() {} }`,
  'bad-stop.mjs': `export default { ${BARE}, startService() {}, stopService() { throw new Error('no end') } }`,
})
const { exitCode } = process
let terminal: MemoryTerminal

beforeEach(() => {
  terminal = memoryTerminal()
})
afterEach(() => {
  process.exitCode = exitCode
})

const run = (file: string, ...args: string[]): Promise<number> =>
  answer(['run', join(folder, file), '--for', '50ms', '--log-format', 'json', ...args], terminal)

describe('sennit run, in this process', { timeout: 20_000 }, () => {
  it('AP-42 logs the start of what it runs, and ends with 0', async () => {
    expect(await run('good.mjs')).toBe(0)
    expect(terminal.stdout.text).toContain('The application has started')
    expect(terminal.stderr.text).toBe('')
  })

  it.each([
    ['bad-start.mjs', /^sennit: Cannot start .*bad-start\.mjs: .*no port\n$/],
    ['bad-stop.mjs', /^sennit: Cannot stop .*bad-stop\.mjs well: .*no end\n$/],
    ['none.mjs', /^sennit: Cannot run .*none\.mjs: there is no such file\n$/],
  ])('AP-42 says in one message what is wrong with %s, and ends with 1', async (file, message) => {
    expect(await run(file)).toBe(1)
    expect(terminal.stderr.text).toMatch(message)
    expect(terminal.stdout.text).toContain('"level":50')
  })

  it('has a status page beside it', async () => {
    expect(await run('good.mjs', '--status', 'tcp:0')).toBe(0)
    expect(terminal.stdout.text).toMatch(/The status page is at http:\/\/127\.0\.0\.1:\d+\//)
  })

  it('refuses a place for its status page that is none', async () => {
    expect(await run('good.mjs', '--status=tcp:nonsense')).toBe(64)
    expect(terminal.stderr.text).toContain("option '--status [endpoint]'")
  })
})

describe('sennit status, in this process', { timeout: 20_000 }, () => {
  let app: Application
  let status: StatusService

  beforeEach(async () => {
    status = new StatusService('tcp:0', { name: 'status' })
    app = new Application('shop', {}, [status, hooks('till', {})])
    await app.startService()
  })
  afterEach(() => app.stopService())

  it('shows the tree', async () => {
    expect(await answer(['status', status.url!], terminal)).toBe(0)
    expect(terminal.stdout.text).toMatch(/shop.*running/)
    expect(terminal.stdout.text).toContain('till')
  })

  it('shows the document', async () => {
    expect(await answer(['status', '--json', status.url!], terminal)).toBe(0)
    expect((JSON.parse(terminal.stdout.text) as { tree: { name: string } }).tree.name).toBe('shop')
  })

  it.each([
    [true, ''],
    [false, ''],
    [false, '--json'],
  ])(
    'shows it again and again, until it is told to end (on a terminal: %s) %s',
    async (outIsTerminal, flag) => {
      const stdout = new MemoryDescriptor()
      const out = new Output(stdout, { clock: systemClock })
      terminal = { ...memoryTerminal({ outIsTerminal, rows: () => 30 }), out, stdout, outputs: [out] }
      const args = ['status', '--watch', '--interval', '100ms', status.url!, ...(flag === '' ? [] : [flag])]
      const watching = answer(args, terminal)
      await expect.poll(() => terminal.stdout.text.split('shop').length, { timeout: 5000 }).toBeGreaterThan(2)
      await app.stopService()
      const lost = (): string => terminal.stdout.text + terminal.stderr.text
      await expect.poll(lost, { timeout: 5000 }).toMatch(/ECONNREFUSED|nobody|refuse/)
      process.emit('SIGINT')
      expect(await watching).toBe(0)
      expect(terminal.stdout.text.includes('\u001B[H')).toBe(outIsTerminal)
    },
  )

  it('says that nobody tells a status there', async () => {
    const { url } = status
    await app.stopService()
    expect(await answer(['status', url!], terminal)).toBe(1)
    expect(terminal.stderr.text).toMatch(/^sennit: .*127\.0\.0\.1/)
  })

  it.each([['--interval', '10ms'], ['--interval', 'soon'], ['ftp://x/']])(
    'refuses %s %s',
    async (...args) => {
      expect(await answer(['status', ...args], terminal)).toBe(64)
    },
  )
})
