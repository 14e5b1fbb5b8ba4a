/** `node src/site.ts [FOLDER]`: builds the site into a folder, `dist` beside `src` unless told otherwise. */
import { join, resolve } from 'node:path'
import { buildSite } from './build-site.ts'

const own = join(import.meta.dirname, '..')
const out = resolve(process.argv[2] ?? join(own, 'dist'))

try {
  await buildSite(join(own, '../..'), out)
  console.log(`${join(out, 'index.html')} is the beginning`)
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
