/**
 * What is left of sources and packages that are gone.
 *
 * @module
 */
import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { members } from '../workspace.ts'
import type { Finding } from './finding.ts'

const WHAT = 'leftovers'

/** Finds what was built from a source that is no more, and the folder of a package that is no more. */
export function leftoverFindings(root: string): Finding[] {
  const findings = [...staleBuilds(root), ...emptyPackages(root)]
  return findings.length > 0 ? findings : [{ what: WHAT, found: 'none' }]
}

/** `dist` is published. The modules in it are renewed by each build, the declarations stay. */
function staleBuilds(root: string): Finding[] {
  return members(root).flatMap(({ folder }) => {
    const stale = globSync('dist/**/*.d.ts', { cwd: join(root, folder) }).filter(
      (file) => !existsSync(join(root, folder, file.replace(/^dist/, 'src').replace(/d\.ts$/, 'ts'))),
    )
    if (stale.length === 0) return []
    const found = `${folder}: ${stale.toSorted().join(', ')} has no source any more`
    return [{ what: WHAT, found, mend: `rm -r ${folder}/dist && pnpm build` }]
  })
}

/** A change of the branch takes away the files that Git knows, and leaves the rest. */
function emptyPackages(root: string): Finding[] {
  return globSync(['packages/*/', 'tools/examples/*/'], { cwd: root })
    .filter((folder) => !existsSync(join(root, folder, 'package.json')))
    .map((folder) => ({ what: WHAT, found: `${folder} is no package any more`, mend: `rm -r ${folder}` }))
}
