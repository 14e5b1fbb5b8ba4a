/**
 * Mutation testing of one package: `pnpm mutate backoff`. Changes the sources in many small ways, in a copy, and tells which
 * changes no test notices. What was tried and has not changed since is not tried again.
 *
 * It is not part of the check, because it takes minutes.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where configurations, reports and the memory of earlier runs are, from the root. */
const FOLDER = 'node_modules/.cache/stryker'

const root = process.cwd()
const [name = '', ...files] = process.argv.slice(2)

/** @param files - some of the sources, such as `growth.ts`; all of them when there are none */
function configuration(folder: string, only: readonly string[]): object {
  const sources = only.length > 0 ? only.map((file) => `${folder}/src/${file}`) : [`${folder}/src/**/*.ts`]
  return {
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: `${folder}/vitest.config.ts`, dir: folder },
    mutate: [...sources, `!${folder}/src/index.ts`],
    ignorePatterns: ['dist', 'coverage', '.reports', '.turbo', 'tools'],
    tempDirName: '.stryker-tmp',
    // It would read the file with a TypeScript older than ours; nothing in the copy needs one.
    tsconfigFile: 'none',
    concurrency: 2,
    timeoutMS: 10_000,
    incremental: true,
    incrementalFile: `${FOLDER}/${name}.incremental.json`,
    reporters: ['clear-text', 'html'],
    htmlReporter: { fileName: `${FOLDER}/${name}.html` },
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    thresholds: { high: 90, low: 80, break: 80 },
  }
}

const folder = `packages/${name}`
if (name === '' || !existsSync(join(root, folder, 'src'))) {
  console.error(`Cannot mutate: the first argument must be a folder of packages/, got '${name}'`)
  process.exitCode = 1
} else {
  mkdirSync(join(root, FOLDER), { recursive: true })
  const file = `${FOLDER}/${name}.config.json`
  writeFileSync(join(root, file), JSON.stringify(configuration(folder, files), null, 2))
  const { status } = spawnSync('stryker', ['run', file], { cwd: root, stdio: 'inherit' })
  process.exitCode = status ?? 1
}
