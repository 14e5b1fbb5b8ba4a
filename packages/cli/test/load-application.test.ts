import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadApplication } from '../src/index.ts'

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sennit-'))
})

afterAll(() => rmSync(folder, { recursive: true }))

const SERVICE = '{ name: "x", startService() {}, stopService() {}, privilegedStartService() {} }'
let count = 0

function module(text: string): string {
  const file = join(folder, `module-${count++}.mjs`)
  writeFileSync(file, text)
  return file
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

  it.each([
    ['AP-09 exports nothing', '', /must export an application.*it exports nothing/],
    ['AP-09 exports something else', 'export const app = 5', /must export an application.*it exports app/],
    [
      'AP-09 exports what is no service',
      'export const application = { startService() {} }',
      /is an object without the methods of a service/,
    ],
    ['AP-09 exports a number', 'export default 42', /is number/],
    ['throws', 'throw new Error("no database")', /no database/],
    [
      'has a function that throws',
      'export default () => { throw new Error("no config") }',
      /its function failed: no config/,
    ],
    ['imports what is not there', 'import "./nowhere.mjs"', /nowhere\.mjs/],
    ['is not JavaScript', 'export const = 5', /Unexpected token|Expected/],
  ])('refuses a module that %s', async (_what, text, message) => {
    const file = module(text)
    await expect(loadApplication(file)).rejects.toMatchObject({ code: 'ERR_SENNIT_MODULE', file })
    await expect(loadApplication(file)).rejects.toThrow(message)
    await expect(loadApplication(file)).rejects.toThrow(`Cannot run ${file}: `)
  })

  it('refuses a file that is not there, and a folder', async () => {
    await expect(loadApplication(join(folder, 'nowhere.js'))).rejects.toThrow(
      /nowhere\.js: there is no such file$/,
    )
    await expect(loadApplication(folder)).rejects.toThrow(/it is no file$/)
  })
})
