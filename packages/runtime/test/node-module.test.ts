import { statSync } from 'node:fs'
import { inspect } from 'node:util'
import { expect, it } from 'vitest'
import { nodeModule } from '../src/node-module.ts'

it('gives the module of Node itself', () => {
  expect(nodeModule('fs').statSync).toBe(statSync)
  expect(nodeModule('util').inspect).toBe(inspect)
})
