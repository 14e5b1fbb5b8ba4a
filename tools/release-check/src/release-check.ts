/**
 * The release proof: every package is published into a registry that lives as long as this program, and installed alone from there.
 *
 * Prints what is wrong and one table, and ends with 1 when something is wrong.
 *
 * @module
 */
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Table } from '@sennit/checks/layer-table'
import { table } from '@sennit/checks/table'
import { type Before, versionsAfter } from './bumps.ts'
import { catalogOf } from './catalog.ts'
import { installFaults } from './closure.ts'
import { Consumer } from './consumer.ts'
import { commandFaults, loadingFaults } from './loading.ts'
import { installNodes, type NodeProgram } from './nodes.ts'
import { type Compiler, tryExamples, typeFaults } from './readme-examples.ts'
import { type Registry, startRegistry } from './registry.ts'
import { type Change, WorkspaceCopy } from './workspace-copy.ts'

/** How many packages are tried at the same time. */
const AT_ONCE = 2

/** The changes of the second release. */
const CHANGES: readonly Change[] = [
  { name: 'backoff', bump: 'patch', note: 'A delay that is not a number is taken for the longest one.' },
  { name: 'timer', bump: 'minor', note: '`TimerService` has an option more.' },
  { name: 'interfaces', bump: 'minor', note: 'A new role, `INovelty`, for what was not there before.' },
]

const root = process.cwd()
const layers = JSON.parse(readFileSync(join(root, 'tools/checks/layers.json'), 'utf8')) as Table
const faults: string[] = []

function compilerOf(name: string): Compiler {
  const manifest = createRequire(import.meta.url).resolve(`${name}/package.json`)
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }
  return { version, program: join(dirname(manifest), 'bin/tsc') }
}

/** Tries one package; its row of the table. */
async function tryPackage(
  name: string,
  folder: string,
  registry: Registry,
  nodes: readonly NodeProgram[],
): Promise<(string | number)[]> {
  const scoped = `@sennit/${name}`
  const found = (fault: string): unknown => faults.push(`${scoped}: ${fault}`)
  const consumer = new Consumer(join(folder, 'consumers', name), registry.url, join(folder, 'cache'))
  await consumer.install(scoped)
  const installed = consumer.installed()
  const bytes = consumer.bytes()
  for (const fault of installFaults(layers, name, installed)) found(fault)
  for (const { version, program } of nodes) {
    const wrong = [
      ...(await loadingFaults(consumer, scoped, program)),
      ...(await commandFaults(consumer, scoped, program)),
    ]
    for (const fault of wrong) found(`Node ${version}: ${fault}`)
  }
  const compilers = [compilerOf('typescript-oldest'), compilerOf('typescript')]
  const tools = {
    compilers,
    compilerNode: process.execPath,
    nodes: [nodes[0]!.program, nodes.at(-1)!.program],
    versionOf: catalogOf(root),
  }
  for (const fault of await typeFaults(consumer, scoped, tools)) found(fault)
  const examples = await tryExamples(consumer, scoped, tools)
  for (const fault of examples.faults) found(fault)
  const others = installed.filter((each) => each.name !== scoped)
  const version = installed.find((each) => each.name === scoped)?.version ?? ''
  const ours = others.filter((each) => each.name.startsWith('@sennit/')).map((each) => each.name.slice(8))
  const with_ = [...ours, ...(others.length > ours.length ? [`${others.length - ours.length} others`] : [])]
  return [
    scoped,
    version,
    with_.join(' ') || '-',
    bytes,
    nodes.map((each) => each.version).join(' '),
    compilers.map((each) => each.version).join(' '),
    `${examples.tried}/${examples.all}`,
  ]
}

function before(copy: WorkspaceCopy): Before[] {
  return copy.packages().map(({ name, version }) => {
    const short = name.slice(8)
    const { dependencies = {} } = copy.manifest(short) as { dependencies?: Readonly<Record<string, string>> }
    const uses = Object.keys(dependencies).filter((each) => each.startsWith('@sennit/'))
    return { name: short, version, uses: uses.map((each) => each.slice(8)) }
  })
}

/** Some packages change: who gets a new version, and what does a user read? */
async function releaseAgain(copy: WorkspaceCopy, folder: string, registry: Registry): Promise<string> {
  const packages = before(copy)
  const expected = versionsAfter(packages, CHANGES)
  const roles = join(copy.folder, 'packages/interfaces/src/index.ts')
  appendFileSync(
    roles,
    '\n/** What was not there before. */\nexport interface INovelty {\n  readonly isNew: true\n}\n',
  )
  for (const change of CHANGES) await copy.add(change)
  await copy.release()
  const rows: (string | number)[][] = [['package', 'before', 'after', 'its changelog begins with']]
  for (const { name, version } of packages) {
    const after = copy.manifest(name)['version'] as string
    if (after !== expected.get(name))
      faults.push(`@sennit/${name} should be ${expected.get(name)} by now, and is ${after}`)
    if (after === version) continue
    const changelog = copy.changelog(name)
    const note = CHANGES.find((change) => change.name === name)?.note ?? 'Updated dependencies'
    const newest = changelog.split(/^## /m)[1] ?? ''
    if (!newest.startsWith(after) || !newest.includes(note)) {
      faults.push(`@sennit/${name} ${after}: its changelog does not tell of it: ${newest}`)
    }
    rows.push([`@sennit/${name}`, version, after, note])
  }
  // Who was not released again has the new ones nevertheless, since they are in its ranges.
  const consumer = new Consumer(join(folder, 'consumers', 'again'), registry.url, join(folder, 'cache-again'))
  await consumer.install('@sennit/client', '@sennit/interfaces')
  for (const { name, version } of consumer.installed()) {
    const wanted = expected.get(name.slice(8))
    if (version !== wanted) faults.push(`who installs @sennit/client gets ${name} ${version}, not ${wanted}`)
  }
  if (!consumer.read('node_modules/@sennit/interfaces/dist/index.d.ts').includes('INovelty')) {
    faults.push('the new role of @sennit/interfaces was not published')
  }
  return table(rows)
}

async function check(folder: string): Promise<void> {
  const nodes = await installNodes(root)
  mkdirSync(join(folder, 'registry'))
  const registry = await startRegistry(join(folder, 'registry'))
  try {
    const copy = await WorkspaceCopy.make(root, join(folder, 'workspace'), registry)
    await copy.release()
    const waiting = copy.packages().map(({ name }) => name.slice(8))
    const rows: (string | number)[][] = []
    const lane = async (): Promise<void> => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
        rows.push(await tryPackage(name, folder, registry, nodes))
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, lane))
    const again = await releaseAgain(copy, folder, registry)
    rows.sort(([a], [b]) => (a! < b! ? -1 : 1))
    console.log(
      table([
        ['package', 'version', 'installed with it', 'bytes', 'Node', 'TypeScript', 'examples'],
        ...rows,
      ]),
    )
    console.log(`\nA second release, after a patch, a minor and a new role:\n${again}`)
  } finally {
    await registry.stop()
  }
}

const folder = mkdtempSync(join(tmpdir(), 'sennit-release-'))
try {
  await check(folder)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
for (const fault of faults) console.error(`FAILED ${fault}`)
if (faults.length > 0) process.exitCode = 1
