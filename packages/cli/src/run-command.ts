/**
 * `sennit run MODULE`: runs the application that a module exports.
 *
 * Source: Twisted, `twisted/scripts/twistd.py`, `twisted/application/twist/_twist.py`.
 * Differs: the log is there before the module is loaded; what goes wrong at the start is one message and exit code 1.
 *
 * @module
 */
import type { Command } from 'commander'
import type { Call } from './call.ts'
import { moduleCall, showHelp, takeForeignOptions } from './module-command.ts'
import { addRunOptions, type RunArguments } from './run-options.ts'

/** Adds the command. */
export function addRunCommand(program: Command, call: Call): void {
  const command = takeForeignOptions(program.command('run'))
    .description('run the application that a module exports')
    .usage('[options] MODULE [options of the module] [-- arguments]')
  addRunOptions(command).action((given: string[], options: RunArguments) =>
    call.end(command, async () => {
      if (options.help === true) return showHelp(given, command, call)
      const { file, application } = moduleCall(given, command, call)
      // With all that it needs, which the other commands do not.
      const { runApplication } = await import('./run-application.ts')
      return runApplication({ label: file, load: application }, options, call.terminal)
    }),
  )
}
