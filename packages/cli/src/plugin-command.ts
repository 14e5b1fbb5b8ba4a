/**
 * `sennit PLUGIN`: runs a service that a plugin makes, under a new application named after it.
 *
 * Source: Twisted, `twisted/application/twist/_twist.py`, `Twist._startService`.
 * Differs: privileged start, user and group as with a module.
 *
 * @module
 */
import type { ILog, IService } from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'
import type { Command } from 'commander'
import { applicationAround } from './as-application.ts'
import type { Call } from './call.ts'
import { isUsageError, PluginError } from './errors.ts'
import { OK } from './exit-codes.ts'
import { explain } from './explain.ts'
import { helpWith, takeForeignOptions } from './module-command.ts'
import { faultOf, type ModuleOptions, parseModuleArguments } from './module-options.ts'
import type { Plugin } from './plugins.ts'
import { addRunOptions, flagsOf, type RunArguments } from './run-options.ts'
import { whileLoading } from './while-loading.ts'

/** Adds the command of a plugin. */
export function addPluginCommand(program: Command, plugin: Plugin, call: Call): void {
  const { tapname, description } = plugin.maker
  const command = takeForeignOptions(program.command(tapname))
    .description(description)
    .usage('[options] [options of the plugin]')
    .helpGroup('Plugins:')
  addRunOptions(command).action((given: string[], options: RunArguments) =>
    call.end(command, async () => {
      const load = (log: ILog): Promise<IService> => make(plugin, given, command, call, log)
      if (options.help !== true) {
        const { runApplication } = await import('./run-application.ts')
        return runApplication({ label: tapname, load }, options, call.terminal)
      }
      const own = await whileLoading(call.terminal, `Cannot use the plugin ${tapname}`, () =>
        optionsOf(plugin, command),
      )
      call.terminal.out.write(helpWith(command, own, tapname))
      return OK
    }),
  )
}

async function make(
  plugin: Plugin,
  given: readonly string[],
  command: Command,
  { rest }: Call,
  log: ILog,
): Promise<IService> {
  const { maker } = plugin
  const options = await optionsOf(plugin, command)
  const { values } = parseModuleArguments(given, rest, { options, what: maker.tapname })
  let service: IService
  try {
    service = await maker.makeService(values)
  } catch (error) {
    if (isUsageError(error)) throw error
    throw broken(plugin, `it failed: ${explain(error)}`, error)
  }
  if (hasRole<IService>(service, ['startService', 'stopService', 'privilegedStartService']))
    return applicationAround(service, maker.tapname, log)
  throw broken(plugin, 'what it makes is no service')
}

/** The options of a plugin; its module is loaded for that. */
async function optionsOf(plugin: Plugin, command: Command): Promise<ModuleOptions> {
  let options: unknown
  try {
    options = (await plugin.maker.options) ?? {}
  } catch (error) {
    throw broken(plugin, explain(error), error)
  }
  const fault = faultOf(options, flagsOf(command))
  if (fault !== undefined) throw broken(plugin, fault)
  return options as ModuleOptions
}

function broken({ maker, manifest }: Plugin, why: string, cause?: unknown): PluginError {
  return new PluginError(maker.tapname, manifest, why, { cause })
}
