import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importApplication } from '../src/application-module.ts'
import { folderWith } from './support/folder.ts'

const SERVICE = '{ name: "x", startService() {}, stopService() {}, privilegedStartService() {} }'
const OPTIONS = 'export const options = { port: { type: "string" } }'
const folder = folderWith({
  'echo.mjs': `${OPTIONS}; export const positionals = true
    export default (values, positionals) => ({ ...${SERVICE}, values, positionals })`,
  'plain.mjs': `export const application = ${SERVICE}`,
  'usage.mjs': `export default () => { throw Object.assign(new Error('no such port'), { code: 'ERR_SENNIT_USAGE' }) }`,
  'fails.mjs': `export default () => { throw new Error('no config', { cause: new Error('ENOENT') }) }`,
  'taken.mjs': `export const options = { for: { type: 'string' } }; export default () => (${SERVICE})`,
  'wrong.mjs': `export const options = 5; export default () => (${SERVICE})`,
  'no-function.mjs': `${OPTIONS}; export const application = ${SERVICE}`,
  'no-flag.mjs': `export const positionals = 'FILE'; export default () => (${SERVICE})`,
})
const file = (name: string): string => join(folder, name)
const NO_ARGUMENTS = { values: {}, positionals: [] }

describe('importApplication', () => {
  it('hands the options and arguments to the function of the module', async () => {
    const module = await importApplication(file('echo.mjs'))
    expect(module).toMatchObject({ options: { port: { type: 'string' } }, positionals: true })
    const application = await module.application({ values: { port: '80' }, positionals: ['a'] })
    expect(application).toMatchObject({ values: { port: '80' }, positionals: ['a'] })
  })

  it('has no options when the module declares none', async () => {
    expect(await importApplication(file('plain.mjs'))).toMatchObject({ options: {}, positionals: false })
  })

  it('leaves it to the module to say that a value makes no sense', async () => {
    const module = await importApplication(file('usage.mjs'))
    await expect(module.application(NO_ARGUMENTS)).rejects.toMatchObject({
      code: 'ERR_SENNIT_USAGE',
      message: 'no such port',
    })
  })

  it('says what the function of the module threw, and why', async () => {
    const module = await importApplication(file('fails.mjs'))
    await expect(module.application(NO_ARGUMENTS)).rejects.toMatchObject({
      code: 'ERR_SENNIT_MODULE',
      message: expect.stringMatching(/its function failed: no config: ENOENT \(.*fails\.mjs:1\)$/),
    })
  })

  it.each([
    ["has an option of the command's own", 'taken.mjs', /its option --for is one of sennit's own/],
    ['declares options that are none', 'wrong.mjs', /its 'options' must be an object/],
    [
      'has options and no function',
      'no-function.mjs',
      /declares options, but what it exports is no function/,
    ],
    [
      'says otherwise than true or false whether it takes arguments',
      'no-flag.mjs',
      /its 'positionals' must be true or false/,
    ],
  ])('refuses a module that %s', async (_what, name, message) => {
    const imported = importApplication(file(name), new Set(['--for']))
    await expect(imported).rejects.toMatchObject({
      code: 'ERR_SENNIT_MODULE',
      message: expect.stringMatching(message),
    })
  })
})
