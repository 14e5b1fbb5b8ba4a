import { expect, it } from 'vitest'
import type { Behaviour, Section } from '../src/behaviours.ts'
import type { Claim, Claims } from '../src/claims.ts'
import { parseDifferences } from '../src/differences.ts'
import { judge, type Judgement } from '../src/judge.ts'

const FILE = 'packages/strand/test/index.test.ts'

const SECTIONS = [
  section('AB', false, behaviour('AB-01'), behaviour('AB-02'), { ...behaviour('AB-03'), out: 'gone' }),
  section('CD', true, behaviour('CD-01')),
]

function behaviour(number: string): Behaviour {
  return { number, text: 'Does it.', weak: false }
}

function section(letters: string, later: boolean, ...behaviours: Behaviour[]): Section {
  return { letters, title: letters, behaviours, later }
}

function claim(passed: boolean, ...numbers: string[]): Claim {
  return { file: FILE, title: `${numbers.join(' ')} does it`, numbers, passed }
}

function judged(claims: readonly Claim[], page = '', malformed: Claims['malformed'] = []): Judgement {
  return judge(SECTIONS, { claims, malformed, reports: 1 }, parseDifferences(page))
}

const BOTH = [claim(true, 'AB-01'), claim(true, 'AB-02')]

it('is content when every number in scope is claimed by a test that passed', () => {
  const { verdicts, faults } = judged([claim(false, 'AB-01'), claim(true, 'AB-01', 'AB-02')])
  expect(faults).toEqual([])
  expect(Object.fromEntries(verdicts)).toEqual({
    'AB-01': 'proven',
    'AB-02': 'proven',
    'AB-03': 'out',
    'CD-01': 'missing',
  })
})

it('finds a number that nobody claims', () => {
  const { verdicts, faults } = judged([claim(true, 'AB-01')])
  expect(faults).toEqual([expect.stringMatching(/^AB-02 is claimed by no test.*Does it\.$/)])
  expect(verdicts.get('AB-02')).toBe('missing')
})

it('finds a number whose only tests failed or were skipped', () => {
  const { verdicts, faults } = judged([claim(true, 'AB-01'), claim(false, 'AB-02')])
  expect(faults).toEqual([
    `AB-02 is claimed only by tests that failed or were skipped: ${FILE}, 'AB-02 does it'`,
  ])
  expect(verdicts.get('AB-02')).toBe('missing')
})

it('finds a failing claim in a later section, but not what is missing there', () => {
  expect(judged([...BOTH, claim(false, 'CD-01')]).faults).toEqual([])
  expect(judged([...BOTH, claim(true, 'CD-01')]).verdicts.get('CD-01')).toBe('proven')
})

it('finds a number that is not in the list', () => {
  expect(judged([...BOTH, claim(true, 'AB-04')]).faults).toEqual([
    `AB-04 is not in the list: ${FILE}, 'AB-04 does it'`,
  ])
})

it('finds a title that begins like a claim, and is none', () => {
  const { faults } = judged(BOTH, '', [{ file: FILE, title: 'AB-01: does it' }])
  expect(faults).toEqual([expect.stringContaining(`${FILE}, 'AB-01: does it'`)])
})

it('counts what the page names as a difference, which nobody has to claim', () => {
  const { verdicts, faults } = judged([claim(true, 'AB-01')], '- **AB-02** (differs): so')
  expect(faults).toEqual([])
  expect(verdicts.get('AB-02')).toBe('differs')
})

it('finds a difference that is claimed as if it were proven', () => {
  const { faults } = judged(BOTH, '- **AB-02** (differs): so')
  expect(faults).toEqual([expect.stringMatching(/^AB-02 differs, and is claimed as well.*'AB-02 does it'$/)])
})

it.each([
  ['differs, tested', 'differs'],
  ['better', 'proven'],
])('a behaviour that is %s needs a test that passed, and counts as %s', (standing, verdict) => {
  const page = `- **AB-02** (${standing}): so`
  expect(judged(BOTH, page)).toMatchObject({ faults: [] })
  expect(judged(BOTH, page).verdicts.get('AB-02')).toBe(verdict)
  const { verdicts, faults } = judged([claim(true, 'AB-01'), claim(false, 'AB-02')], page)
  expect(faults).toEqual([`AB-02 is '${standing}' in differences.md, but no test that passed claims it`])
  expect(verdicts.get('AB-02')).toBe('missing')
})

it.each([
  ['an unknown number', '- **AB-04** (differs): so', /^AB-04 is not in the list: differences\.md$/],
  ['two entries', '- **AB-02** (better): so\n- **AB-02** (better): so', /^AB-02 has 2 entries/],
  ['an entry without a reason', '- **AB-02** (better):', /is not of its form: - \*\*AB-02/],
])('finds %s on the page', (_, page, fault) => {
  expect(judged(BOTH, page).faults).toEqual([expect.stringMatching(fault)])
})

it('keeps what is out of scope there, even if a test claims it', () => {
  expect(judged([...BOTH, claim(true, 'AB-03')]).verdicts.get('AB-03')).toBe('out')
})
