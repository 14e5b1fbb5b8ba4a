/**
 * What an old build has left behind.
 *
 * @module
 */
import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import type { Fault } from '../fault.ts'

/** Finds built modules whose source is gone: they would be packed, and found by whoever imports them. */
export function staleFaults(root: string): Fault[] {
  const built = globSync('{packages/*,tools/*,tools/examples/*}/dist/**/*.js', { cwd: root })
  return built
    .filter((file) => existsSync(join(root, file.slice(0, file.indexOf('/dist/')), 'src')))
    .filter((file) => !existsSync(join(root, file.replace('/dist/', '/src/').replace(/\.js$/, '.ts'))))
    .map((file) => ({
      file,
      wrong: 'its source is gone',
      mend: `'rm -r ${file.slice(0, file.indexOf('/dist/'))}/dist', then 'pnpm build'.`,
    }))
}
