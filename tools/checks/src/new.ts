/**
 * A new package: `pnpm new rate-limit --layer 3 --uses interfaces,runtime,service --about 'What it is, in one line.'`
 *
 * It writes the files of a small package with a first source and its test, the row of the layers, the references, the row of
 * the table in the README, the lock file and a first changeset; or it says what is wrong and leaves everything as it was.
 *
 * @module
 */
import { parseArgs } from 'node:util'
import { edits } from './new/edits.ts'
import { packageFiles } from './new/package-files.ts'
import { plan, type Request } from './new/plan.ts'
import { Transaction } from './new/transaction.ts'
import { TABLE, type Table } from './layer-table.ts'
import { members, readJson } from './workspace.ts'

const USAGE = `pnpm new NAME [--layer N] [--uses a,b] [--about 'One line.'] [--no-install]`

const root = process.cwd()

try {
  create()
} catch (error) {
  console.error(`${(error as Error).message}\n  Usage: ${USAGE}`)
  process.exitCode = 1
}

function create(): void {
  const { request, install } = asked()
  const table = readJson<Table>(root, TABLE)
  const { made, faults } = plan(request, table, members(root))
  if (!made) {
    for (const { wrong, mend } of faults) console.error(`Cannot make a package: ${wrong}\n  Mend: ${mend}`)
    process.exitCode = 1
    return
  }
  const transaction = new Transaction(root)
  transaction.run(() => {
    for (const [file, text] of packageFiles(root, made)) transaction.write(`${made.folder}/${file}`, text)
    for (const [file, text] of edits(root, made)) transaction.write(file, text)
    transaction.format()
    if (install) transaction.install()
  })
  console.log(`${made.folder} is there, on layer ${made.row.layer}. Next:`)
  if (!install) console.log(`  pnpm install`)
  console.log(`  pnpm --filter ${made.name} test`)
  console.log(
    `  write what it is: ${made.folder}/README.md, src/${made.short}.ts, .changeset/first-${made.short}.md`,
  )
  console.log(`  and why it is needed: a record in tools/docs/decisions/`)
  console.log(`  pnpm build && pnpm hygiene --write`)
  const later = made.row.uses.filter((used) => !made.dependencies.includes(used))
  if (later.length > 0) {
    console.log(`  declare ${later.join(', ')} when a source imports it; pnpm layers names the references`)
  }
}

function asked(): { request: Request; install: boolean } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      layer: { type: 'string' },
      uses: { type: 'string' },
      about: { type: 'string' },
      'no-install': { type: 'boolean', default: false },
    },
  })
  if (positionals.length !== 1) throw new Error('Cannot make a package: give one name')
  const [short = ''] = positionals
  const { layer, uses, about } = values
  const request = {
    short,
    layer: layer === undefined ? undefined : Number(layer === '' ? NaN : layer),
    uses: uses?.split(',').filter((used) => used !== ''),
    about,
  }
  return { request, install: !values['no-install'] }
}
