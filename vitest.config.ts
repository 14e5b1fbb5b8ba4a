/**
 * How the tests of the workspace run: `vitest run` here runs those of all packages, `suite()` is the part that
 * each package's own `vitest.config.ts` takes.
 */
import { basename, dirname, join } from 'node:path'
import { defineConfig, defineProject, type ViteUserConfig } from 'vitest/config'

/** Siblings are taken from their sources, so that no test waits for a build. */
const conditions = ['@sennit/source', 'node']

/** Where a machine wants to read the result, and which Node gave it; nothing is written without the folder. */
const folder = process.env['SENNIT_REPORTS']
const node = `node${process.versions.node.split('.')[0]}`

/**
 * How much of a package's sources its tests run. It is measured where `SENNIT_COVERAGE` is set and the tests of one package run:
 * `pnpm coverage`, and the check.
 */
const coverage = {
  enabled: Boolean(process.env['SENNIT_COVERAGE']) && basename(dirname(process.cwd())) === 'packages',
  provider: 'v8' as const,
  // Absolute: else the sources of the siblings that it runs would count too.
  include: [join(process.cwd(), 'src/**')],
  reporter: [['text', { skipFull: true }] as ['text', { skipFull: boolean }]],
  thresholds: { lines: 95, branches: 90 },
}

function reporters(name: string): NonNullable<ViteUserConfig['test']> {
  if (!folder) return {}
  return { reporters: ['default', ['json', { outputFile: join(folder, `${name}.${node}.json`) }]] }
}

/**
 * The configuration of one package's tests, or of one tool's; `test` is what is special there.
 *
 * @param uncovered - sources that do not count for the coverage
 */
export function suite(
  name: string,
  test: ViteUserConfig['test'] = {},
  uncovered: readonly string[] = [],
): ViteUserConfig {
  return defineProject({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: {
      name,
      environment: 'node',
      include: ['test/**/*.test.ts'],
      coverage: { ...coverage, exclude: uncovered.map((file) => join(process.cwd(), file)) },
      ...reporters(name),
      ...test,
    },
  })
}

export default defineConfig({
  test: { projects: ['packages/*', 'tools/examples/*'], ...reporters('packages') },
})
