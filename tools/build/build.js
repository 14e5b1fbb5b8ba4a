/**
 * `node build.js [FOLDER…]`: builds packages and what they depend on; without a folder, that of the current directory. Any Node that the
 * packages support can do it, as tests on the oldest start programs that are built.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { bundle } from './src/bundle.js'
import { published } from './src/published.js'

const given = process.argv.slice(2)
const folders = (given.length > 0 ? given : ['.']).map((folder) => resolve(folder))
const tsc = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc')
const { status } = spawnSync(process.execPath, [tsc, '-b', ...folders], { stdio: 'inherit' })
if (status === 0) for (const folder of published(folders)) await bundle(folder)
else process.exitCode = 1
