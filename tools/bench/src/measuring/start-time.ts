/**
 * How long a process needs until it has loaded a package.
 *
 * @module
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import type { Figures } from '../comparison.ts'
import { LineProcess } from './line-process.ts'
import { figures } from './program.ts'

const TOLD = `
const wall = performance.now()
const { user, system } = process.cpuUsage()
console.log(JSON.stringify({ wall, cpu: (user + system) / 1000 }))
`

/** Modules of a few lines, in a folder of their own, from which the packages can be imported. */
export class StartTimes implements Disposable {
  readonly #folder = mkdtempSync(join(import.meta.dirname, '../../node_modules/.start-'))

  /** @returns milliseconds from the start of a process that imports these modules to the end of the import */
  import(modules: readonly string[]): Promise<Figures> {
    const file = join(this.#folder, 'start.mjs')
    writeFileSync(file, `${modules.map((module) => `import ${JSON.stringify(module)}\n`).join('')}${TOLD}`)
    return figures([process.execPath, file], 0)
  }

  /** @returns the modules of Node that a package loads, which a module by hand would load as well */
  async builtIns(module: string): Promise<readonly string[]> {
    const list = join(this.#folder, 'list.mjs')
    writeFileSync(
      list,
      `const before = new Set(process.moduleLoadList)
      await import(${JSON.stringify(module)})
      const loaded = process.moduleLoadList.filter((each) => !before.has(each))
      console.log(JSON.stringify(loaded.map((each) => each.split(' ')[1])))`,
    )
    await using running = new LineProcess([process.execPath, list])
    const loaded = JSON.parse(await running.line()) as string[]
    return loaded.filter((each) => builtinModules.includes(each)).map((each) => `node:${each}`)
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true })
  }
}
