import { existsSync } from 'node:fs'
import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../../../..')
const DOCTOR = resolve(ROOT, 'tools/checks/doctor.js')

/** A loader in front of the doctor that pretends to be an older Node. */
const OLDER = `data:text/javascript,Object.defineProperty(process, 'versions', { value: { node: '20.20.2' } })`

it('tells a Node that cannot run the tools', () => {
  expect(existsSync(DOCTOR)).toBe(true)
  const { status, stdout } = spawnSync(process.execPath, ['--import', OLDER, DOCTOR], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  expect(stdout).toBe(
    'WRONG  node: 20.20.2 cannot run the tools\n' +
      '  Mend: npm run bootstrap, which brings Node along on Linux; elsewhere put Node 24 on the path.\n',
  )
  expect(status).toBe(1)
})
