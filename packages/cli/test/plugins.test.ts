import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findPlugins } from '../src/plugins.ts'
import { folderWith } from './support/folder.ts'

function maker(tapname: string, description = 'x'): string {
  return `{ name: 'N', module: 'file:///nowhere.mjs', description: '${description}', tapname: '${tapname}', makeService() {} }`
}

const own = new Set(['run'])

/** The project that lists some modules. */
function project(modules: Readonly<Record<string, string>>): string {
  return folderWith({
    'package.json': { sennit: { plugins: Object.keys(modules).map((name) => `./${name}`) } },
    ...modules,
  })
}

describe('findPlugins', () => {
  it('AP-33 yields them sorted by name, from all modules and under any name of export', async () => {
    const folder = project({
      'a.mjs': `export const web = ${maker('web')}; export default ${maker('chat')}; export const other = 5`,
      'b.mjs': `export const all = [${maker('proxy')}, ${maker('Alpha')}]`,
    })
    const { found, broken } = await findPlugins(folder, own)
    expect(found.map(({ maker: { tapname } }) => tapname)).toEqual(['Alpha', 'chat', 'proxy', 'web'])
    expect(found[3]).toMatchObject({ module: './a.mjs', manifest: join(folder, 'package.json') })
    expect(broken).toEqual([])
  })

  it('takes a maker that is exported twice for one', async () => {
    const folder = project({ 'a.mjs': `export const web = ${maker('web')}; export default web` })
    expect(await findPlugins(folder, own)).toMatchObject({ found: [{}], broken: [] })
  })

  it.each([
    ['throws', 'throw new Error("no")', 'no'],
    ['exports no maker', 'export const a = { makeService() {} }', 'it exports no ServiceMaker'],
    ['exports nothing', '', 'it exports no ServiceMaker'],
    [
      "has a name of the command's own",
      `export const a = ${maker('run')}`,
      "'run' is a command of sennit's own",
    ],
    [
      'has a name that cannot be typed',
      `export const a = ${maker('a b')}`,
      "'a b' is no name for the command line",
    ],
    [
      'has a name like an option',
      `export const a = ${maker('--x')}`,
      "'--x' is no name for the command line",
    ],
    [
      'has the name of another',
      `export const a = ${maker('good')}`,
      "'good' is the name of one of ./good.mjs already",
    ],
    ['is not there', undefined, "Cannot find module './bad.mjs'"],
  ])('names a module that %s, and has the others all the same', async (_what, text, why) => {
    const folder = folderWith({
      'package.json': { sennit: { plugins: ['./good.mjs', './bad.mjs', './last.mjs'] } },
      'good.mjs': `export const a = ${maker('good')}`,
      'last.mjs': `export const a = ${maker('last')}`,
      ...(text !== undefined && { 'bad.mjs': text }),
    })
    const { found, broken } = await findPlugins(folder, own)
    expect(found.map(({ maker: { tapname } }) => tapname)).toEqual(['good', 'last'])
    expect(broken).toMatchObject([{ code: 'ERR_SENNIT_PLUGIN', plugin: './bad.mjs' }])
    expect(broken[0]!.message).toBe(
      `Cannot use the plugin ./bad.mjs of ${join(folder, 'package.json')}: ${why}`,
    )
  })

  it('says that the list itself is broken', async () => {
    const folder = folderWith({ 'package.json': { sennit: { plugins: 5 } } })
    expect(await findPlugins(folder, own)).toMatchObject({
      found: [],
      broken: [
        { message: expect.stringContaining("package.json: 'sennit.plugins' must be a list of modules") },
      ],
    })
  })

  it('finds none where no manifest is', async () => {
    expect(await findPlugins('/', own)).toEqual({ found: [], broken: [] })
  })
})
