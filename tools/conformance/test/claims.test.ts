import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readClaims } from '../src/claims.ts'
import { reportFolder, TEST_FILE, type Result } from './reports.ts'

const ROOT = '/workspace'

function claims(nodes: Readonly<Record<string, readonly Result[]>>): ReturnType<typeof readClaims> {
  return readClaims(ROOT, reportFolder(ROOT, nodes))
}

it('reads who claims what', () => {
  const title = 'CS-25 CS-26 closes'
  expect(
    claims({
      node24: [
        [title, 'passed'],
        ['closes', 'passed'],
      ],
    }),
  ).toEqual({
    claims: [{ file: TEST_FILE, title, numbers: ['CS-25', 'CS-26'], passed: true }],
    malformed: [],
    reports: 1,
  })
})

it.each(['failed', 'skipped', 'pending', 'todo'])('a test that is %s has not passed', (status) => {
  expect(claims({ node24: [['CS-25 closes', status]] }).claims).toMatchObject([{ passed: false }])
})

it.each([
  ['failed', 'passed'],
  ['passed', 'failed'],
])('a test that %s on one Node and %s on another has not passed', (one, other) => {
  const found = claims({ node20: [['CS-25 closes', one]], node24: [['CS-25 closes', other]] })
  expect(found).toMatchObject({ claims: [{ passed: false }], reports: 2 })
})

it('a case of a table that failed fails those that are named alike', () => {
  const found = claims({
    node24: [
      ['CS-25 closes', 'passed'],
      ['CS-25 closes', 'failed'],
      ['CS-25 closes', 'passed'],
    ],
  })
  expect(found.claims).toMatchObject([{ passed: false }])
})

it('finds titles that begin like a claim, once for all Nodes', () => {
  const results: Result[] = [['CS-25: closes', 'passed']]
  expect(claims({ node20: results, node24: results })).toEqual({
    claims: [],
    malformed: [{ file: TEST_FILE, title: 'CS-25: closes' }],
    reports: 2,
  })
})

it('leaves other files alone', () => {
  const folder = reportFolder(ROOT, {})
  writeFileSync(join(folder, 'steps.json'), '[]')
  expect(readClaims(ROOT, folder)).toEqual({ claims: [], malformed: [], reports: 0 })
})
