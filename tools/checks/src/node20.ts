/**
 * Runs the tests of all packages on Node 20, the oldest that they support: on the one that the machine has, else on
 * one from the registry.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'

const VERSION = '20.20.2'
const OLDEST_MINOR = 19
const VITEST = join(process.cwd(), 'node_modules/vitest/vitest.mjs')

/** @returns the first Node 20 on the path that is new enough. */
function nodeOnPath(): string | undefined {
  const candidates = new Set(
    (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'node')),
  )
  return [...candidates].find((node) => {
    if (!existsSync(node)) return false
    const { stdout } = spawnSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' })
    const [major, minor] = (stdout ?? '').split('.').map(Number)
    return major === 20 && (minor ?? 0) >= OLDEST_MINOR
  })
}

function run(command: string, args: readonly string[], path = process.env['PATH'] ?? ''): void {
  // What a test spawns by the name of `node` is to be the same Node.
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, PATH: path } })
  process.exitCode = status ?? 1
}

const node = nodeOnPath()
if (node) {
  run(node, [VITEST, 'run'], [dirname(node), process.env['PATH']].join(delimiter))
} else {
  const name = process.platform === 'linux' ? `node-linux-${process.arch}` : 'node'
  run('npx', ['-y', '-p', `${name}@${VERSION}`, '-c', `node '${VITEST}' run`])
}
