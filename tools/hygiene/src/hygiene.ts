/**
 * All gates on all packages. Prints what is wrong, and how to mend it; with `--write` it mends what is made by a program: the reports of
 * the faces, and the table of the sizes.
 *
 * @module
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Fault } from '@sennit/checks/fault'
import { apiFaults, apiReport } from './api-report.ts'
import type { Candidate, CandidateManifest } from './gate.ts'
import { packAll, tarballIn } from './packing.ts'
import { publintFaults, typesFaults } from './packaging.ts'
import { sideEffectsOf } from './side-effects.ts'
import { bundledSize, sizeFaults } from './size.ts'
import { type Size, withSizes } from './size-table.ts'

const root = process.cwd()
const writes = process.argv.includes('--write')
const readmePath = join(root, 'README.md')

const candidates = readdirSync(join(root, 'packages')).map((name): Candidate => {
  const folder = join(root, 'packages', name)
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as CandidateManifest
  return { folder, name, manifest }
})

/** Everything about one package but its size. */
async function faultsOf(candidate: Candidate, place: string): Promise<Fault[]> {
  const { folder, name, manifest } = candidate
  const file = `packages/${name}/package.json`
  const tarball = tarballIn(place, manifest)
  const faults = [...(await publintFaults(file, tarball)), ...(await typesFaults(file, tarball))]
  if (manifest.sideEffects !== false) {
    faults.push({ file, wrong: `'sideEffects' is not false`, mend: 'load what has effects on first use.' })
  }
  for (const effect of await sideEffectsOf(join(folder, 'dist/index.js'))) {
    faults.push({
      file,
      wrong: `'sideEffects' is not true: loading changes ${effect}`,
      mend: 'do it on first use.',
    })
  }
  const report = apiReport(candidate)
  if (writes) writeFileSync(join(folder, 'api.md'), report)
  return [...faults, ...apiFaults(candidate, report)]
}

async function sizes(): Promise<Size[]> {
  return Promise.all(
    candidates.map(async ({ folder, name }) => {
      const entry = join(folder, 'dist/index.js')
      return { name, alone: await bundledSize(entry), together: await bundledSize(entry, true) }
    }),
  )
}

const place = mkdtempSync(join(tmpdir(), 'sennit-hygiene-'))
try {
  const faults: Fault[] = []
  await packAll(root, place)
  for (const candidate of candidates) faults.push(...(await faultsOf(candidate, place)))
  const measured = await sizes()
  for (const [at, size] of measured.entries()) faults.push(...sizeFaults(candidates[at]!, size))
  const readme = readFileSync(readmePath, 'utf8')
  const wanted = withSizes(readme, measured)
  if (writes) writeFileSync(readmePath, wanted)
  else if (readme !== wanted) {
    faults.push({
      file: 'README.md',
      wrong: 'the table of the sizes is old',
      mend: `'pnpm hygiene --write'.`,
    })
  }
  for (const { file, wrong, mend } of faults) console.error(`${file}: ${wrong}\n  Mend: ${mend}`)
  if (faults.length > 0) process.exitCode = 1
} finally {
  rmSync(place, { recursive: true })
}
