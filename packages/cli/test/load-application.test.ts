import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadApplication } from '../src/index.ts'
import { folderWith, write } from './support/folder.ts'

const folder = folderWith()
const SERVICE = '{ name: "x", startService() {}, stopService() {}, privilegedStartService() {} }'
let count = 0

function module(text: string): string {
  const name = `module-${count++}.mjs`
  write(folder, { [name]: text })
  return join(folder, name)
}

describe('loadApplication', () => {
  it.each([
    ["the export 'application'", `export const application = ${SERVICE}; export default 5`],
    ['the default', `export default ${SERVICE}`],
    ['what a function returns', `export default () => (${SERVICE})`],
    ['what a promise yields', `export default Promise.resolve(${SERVICE})`],
    ['what an async function returns', `export async function application() { return ${SERVICE} }`],
  ])('AP-06 takes %s', async (_what, text) => {
    expect(await loadApplication(module(text))).toMatchObject({ name: 'x' })
  })

  it('reads the arguments of the module', async () => {
    const file = module(
      `export const options = { port: { type: 'string', default: '80' } }; export default (values) => ({ ...${SERVICE}, values })`,
    )
    expect(await loadApplication(file)).toMatchObject({ values: { port: '80' } })
    expect(await loadApplication(file, ['--port', '81'])).toMatchObject({ values: { port: '81' } })
    await expect(loadApplication(file, ['--prt', '81'])).rejects.toMatchObject({ code: 'ERR_SENNIT_USAGE' })
  })

  it.each([
    ['exports nothing', '', /must export an application.*it exports nothing/],
    ['exports something else', 'export const app = 5', /must export an application.*it exports app/],
    [
      'exports what is no service',
      'export const application = { startService() {} }',
      /is an object without the methods of a service/,
    ],
    ['exports a number', 'export default 42', /is number/],
  ])('AP-09 says of a module that %s what it must export', async (_what, text, message) => {
    const file = module(text)
    await expect(loadApplication(file)).rejects.toMatchObject({ code: 'ERR_SENNIT_MODULE', file })
    await expect(loadApplication(file)).rejects.toThrow(message)
    await expect(loadApplication(file)).rejects.toThrow(`Cannot run ${file}: `)
  })
})
