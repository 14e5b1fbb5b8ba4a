import { expect, it } from 'vitest'
import { packageOf, specifiers } from '../src/imports.ts'

it.each([
  [`import { a } from 'x'`, ['x']],
  [`import type { A } from "x"`, ['x']],
  [`import {\n  a,\n  type B,\n} from 'x'\nimport 'y'`, ['x', 'y']],
  [`export * from 'x'\nexport { b } from 'y'`, ['x', 'y']],
  [`const net = await import('node:net')`, ['node:net']],
  [`export const from = 'x'\nexport type A = 'y'`, []],
  [`/**\n * import { a } from 'x'\n */\n// import('node:net')`, []],
])('reads %j', (source, expected) => {
  expect(specifiers(source)).toEqual(expected)
})

it.each([
  ['ms', 'ms'],
  ['ms/sub/path', 'ms'],
  ['@sennit/runtime/internal', '@sennit/runtime'],
])('finds the package of %s', (specifier, name) => {
  expect(packageOf(specifier)).toBe(name)
})
