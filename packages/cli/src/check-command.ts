/**
 * `sennit check MODULE`: makes the application that a module exports, and shows its tree; nothing is started.
 *
 * @module
 */
import { defaultLog } from '@sennit/runtime'
import type { Command } from 'commander'
import type { Call } from './call.ts'
import { FAILURE, OK } from './exit-codes.ts'
import { opened, openNow } from './kept-alive.ts'
import { moduleCall, showHelp, takeForeignOptions } from './module-command.ts'
import { painter } from './paint.ts'
import { addRunOptions, type RunArguments } from './run-options.ts'
import { idleTree } from './service-tree.ts'
import { complain } from './terminal.ts'
import { treeLines } from './tree-lines.ts'
import { whileLoading } from './while-loading.ts'

/** Adds the command. */
export function addCheckCommand(program: Command, call: Call): void {
  const command = takeForeignOptions(program.command('check'))
    .description('show the services of a module, and start nothing')
    .usage('[options] MODULE [options of the module] [-- arguments]')
  addRunOptions(command).action((given: string[], options: RunArguments) =>
    call.end(command, () =>
      options.help === true ? showHelp(given, command, call) : check(given, command, call),
    ),
  )
}

async function check(given: readonly string[], command: Command, call: Call): Promise<number> {
  const { terminal } = call
  const { file, application } = moduleCall(given, command, call)
  const before = openNow()
  const root = await whileLoading(terminal, `Cannot check ${file}`, () => application(defaultLog))
  const problems: string[] = []
  const tree = idleTree(root, problems)
  const style = { paint: painter(terminal.colors), width: terminal.columns(), now: 0 }
  terminal.out.write(`${treeLines(tree, style).join('\n')}\n`)
  for (const problem of problems) complain(terminal, problem)
  const open = opened(before, openNow())
  if (open.length > 0) {
    complain(terminal, `note: before anything is started, ${file} has opened ${open.join(', ')}`)
  }
  return problems.length > 0 ? FAILURE : OK
}
