/**
 * How the tests of the workspace run: `vitest run` here runs those of all packages, `suite()` is the part that
 * each package's own `vitest.config.ts` takes.
 */
import { join } from 'node:path'
import { defineConfig, defineProject, type ViteUserConfig } from 'vitest/config'

/** Siblings are taken from their sources, so that no test waits for a build. */
const conditions = ['@sennit/source', 'node', 'import', 'module', 'default']

/** Where a machine wants to read the result, and which Node gave it; nothing is written without the folder. */
const folder = process.env['SENNIT_REPORTS']
const node = `node${process.versions.node.split('.')[0]}`

function reporters(name: string): NonNullable<ViteUserConfig['test']> {
  if (!folder) return {}
  return { reporters: ['default', ['json', { outputFile: join(folder, `${name}.${node}.json`) }]] }
}

/** The configuration of one package's tests, or of one tool's; `test` is what is special there. */
export function suite(name: string, test: ViteUserConfig['test'] = {}): ViteUserConfig {
  return defineProject({
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
    test: {
      name,
      environment: 'node',
      include: ['test/**/*.test.ts'],
      ...reporters(name),
      ...test,
    },
  })
}

export default defineConfig({
  test: { projects: ['packages/*', 'tools/examples/*'], ...reporters('packages') },
})
