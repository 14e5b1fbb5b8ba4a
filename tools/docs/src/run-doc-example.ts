/**
 * Runs one example of a doc comment in the simulated world: `run-doc-example.ts MODULE [CONTEXT]`.
 *
 * @module
 */
import { pathToFileURL } from 'node:url'
import { world } from '../context/common.ts'

const [, , module, context] = process.argv
if (context !== undefined) await import(pathToFileURL(context).href)
const { default: example } = (await import(pathToFileURL(module!).href)) as {
  default?: () => Promise<unknown>
}
if (example !== undefined && example.constructor.name === 'AsyncFunction')
  await world.run(example(), { timeout: '1h' })
// What was started in the world holds nothing up.
process.exit()
