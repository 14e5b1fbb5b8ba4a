/**
 * The plugins of a project: modules that export `ServiceMaker`s. What makes a service is loaded only when that service is asked for.
 *
 * Source: Twisted, `twisted/plugin.py`, `twisted/application/service.py`, `IServiceMaker`.
 * Differs: one that is broken is named, and the others are there all the same.
 *
 * @module
 */
import { hasRole } from '@sennit/runtime'
import type { ServiceMaker } from '@sennit/service'
import { PluginError } from './errors.ts'
import { explain } from './explain.ts'
import { nearestManifest } from './plugin-manifest.ts'
import { resolvePlugin } from './resolve-plugin.ts'

/** A service that can be made. */
export interface Plugin {
  readonly maker: ServiceMaker
  /** The module that exports it, as it is listed. */
  readonly module: string
  /** The `package.json` that lists it. */
  readonly manifest: string
}

/** What was found. */
export interface Plugins {
  /** Sorted by their names on the command line. */
  readonly found: readonly Plugin[]
  readonly broken: readonly PluginError[]
}

const NONE: Plugins = { found: [], broken: [] }

/**
 * Loads what the nearest `package.json` lists.
 *
 * @param reserved - names that a plugin cannot have
 */
export async function findPlugins(folder: string, reserved: ReadonlySet<string>): Promise<Plugins> {
  const manifest = nearestManifest(folder)
  if (manifest === undefined) return NONE
  const { file, plugins, fault } = manifest
  if (fault !== undefined) return { found: [], broken: [new PluginError('list', file, fault)] }
  const found = new Map<string, Plugin>()
  const broken: PluginError[] = []
  for (const module of plugins) {
    const fail = (why: string, cause?: unknown): void =>
      void broken.push(new PluginError(module, file, why, { cause }))
    try {
      const makers = makersOf(await import(resolvePlugin(module, file)))
      if (makers.length === 0) fail('it exports no ServiceMaker')
      for (const maker of makers) {
        const { tapname } = maker
        const other = found.get(tapname)
        if (!/^[a-z\d][\w.-]*$/i.test(tapname)) fail(`'${tapname}' is no name for the command line`)
        else if (reserved.has(tapname)) fail(`'${tapname}' is a command of sennit's own`)
        else if (other !== undefined) fail(`'${tapname}' is the name of one of ${other.module} already`)
        else found.set(tapname, { maker, module, manifest: file })
      }
    } catch (error) {
      // What required it is this list.
      fail(explain(error).split('\nRequire stack:')[0]!, error)
    }
  }
  return {
    found: [...found.values()].toSorted((a, b) => (a.maker.tapname < b.maker.tapname ? -1 : 1)),
    broken,
  }
}

/** Those that it exports under any name; they may come from another copy of `@sennit/service`. */
function makersOf(module: unknown): ServiceMaker[] {
  const exported = Object.values(module as Record<string, unknown>).flatMap((each) => each as ServiceMaker)
  return [...new Set(exported)].filter(isMaker)
}

function isMaker(value: unknown): value is ServiceMaker {
  if (!hasRole<ServiceMaker>(value, ['makeService'])) return false
  const { name, description, tapname } = value
  return [name, description, tapname].every((each) => typeof each === 'string')
}
