/**
 * How much code a package brings: the bytes of its minified bundle.
 *
 * @module
 */
import type { Fault } from '@sennit/checks/fault'
import { rolldown } from 'rolldown'
import type { Candidate } from './gate.ts'
import type { Size } from './size-table.ts'

/**
 * Bundles a module and minifies it.
 *
 * @param together - with all that it depends on; else without
 * @returns bytes
 */
export async function bundledSize(entry: string, together = false): Promise<number> {
  const isOutside = (id: string): boolean => {
    return together ? id.startsWith('node:') : !id.startsWith('.') && !id.startsWith('/')
  }
  const bundle = await rolldown({ input: entry, external: isOutside, platform: 'node', logLevel: 'silent' })
  try {
    const { output } = await bundle.generate({
      format: 'esm',
      minify: true,
      codeSplitting: false,
      comments: false,
    })
    return output.reduce((sum, each) => sum + (each.type === 'chunk' ? Buffer.byteLength(each.code) : 0), 0)
  } finally {
    await bundle.close()
  }
}

/** Whether a package keeps to its budget; and whether the budget is near enough to notice what is added. */
export function sizeFaults(
  { name, manifest: { sizeBudget } }: Pick<Candidate, 'name' | 'manifest'>,
  { alone, together }: Pick<Size, 'alone' | 'together'>,
): Fault[] {
  const file = `packages/${name}/package.json`
  if (sizeBudget === undefined) {
    return [
      { file, wrong: 'it has no size budget', mend: `add "sizeBudget": { "alone": ${roomFor(alone)} }.` },
    ]
  }
  const faults: Fault[] = []
  for (const [what, bytes, budget = Infinity] of [
    ['its bundle', alone, sizeBudget.alone],
    ['its bundle with all that it needs', together, sizeBudget.together],
  ] as const) {
    if (bytes <= budget) continue
    const mend = `take out what is not needed, or say in the change why ${roomFor(bytes)} are.`
    faults.push({ file, wrong: `${what} has ${bytes} bytes, ${bytes - budget} more than its budget`, mend })
  }
  if (sizeBudget.alone > 2 * roomFor(alone)) {
    const wrong = `its budget of ${sizeBudget.alone} bytes is far from the ${alone} that its bundle has`
    faults.push({ file, wrong, mend: `lower it to ${roomFor(alone)}.` })
  }
  return faults
}

/** A tenth more, in whole hundreds. */
function roomFor(bytes: number): number {
  return Math.ceil((bytes * 1.1) / 100) * 100
}
