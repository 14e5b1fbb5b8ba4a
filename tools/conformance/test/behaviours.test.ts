import { expect, it } from 'vitest'
import { parseBehaviours, readBehaviours } from '../src/behaviours.ts'

const TEXT = `# For people\n- not an item\n\n## AB Some\n- AB-01 Does one.\n- AB-02 W Is bad. Better: good.\n\n## CD Others\n- CD-01 Does two.\n`
const SCOPE = { later: ['CD'], out: [{ rule: 'gone', why: 'No more.', numbers: ['AB-01'] }] }

it('reads numbers, weaknesses and scope', () => {
  expect(parseBehaviours(TEXT, SCOPE)).toEqual([
    {
      letters: 'AB',
      title: 'Some',
      later: false,
      behaviours: [
        { number: 'AB-01', text: 'Does one.', weak: false, out: 'gone' },
        { number: 'AB-02', text: 'Is bad. Better: good.', weak: true, out: undefined },
      ],
    },
    {
      letters: 'CD',
      title: 'Others',
      later: true,
      behaviours: [{ number: 'CD-01', text: 'Does two.', weak: false, out: undefined }],
    },
  ])
})

it.each([
  ['a line of another form', '* AB-03 text\n'],
  ['a number of another section', '- AB-03 text\n'],
  ['a number without a text', '- CD-02\n'],
])('refuses %s', (_, line) => {
  expect(() => parseBehaviours(TEXT + line, SCOPE)).toThrow(`'${line.trim()}' is not of the form`)
})

it('refuses a number that is there twice', () => {
  expect(() => parseBehaviours(`${TEXT}- CD-01 Again.\n`, SCOPE)).toThrow('CD-01 is there twice')
})

it.each([
  { later: ['EF'], out: [] },
  { later: [], out: [{ rule: 'gone', why: 'No more.', numbers: ['EF'] }] },
])('refuses a scope that names what is not there: %j', (scope) => {
  expect(() => parseBehaviours(TEXT, scope)).toThrow('EF is not in the list')
})

it('has the whole list', () => {
  const sections = readBehaviours()
  const counts = Object.fromEntries(sections.map(({ letters, behaviours }) => [letters, behaviours.length]))
  expect(counts).toEqual({
    DF: 7,
    CS: 84,
    BP: 8,
    TS: 19,
    SE: 17,
    ST: 4,
    SV: 16,
    MS: 27,
    LG: 23,
    CO: 38,
    LC: 37,
    CK: 19,
    EP: 80,
    PR: 33,
    RF: 8,
    ER: 6,
    RX: 35,
    TE: 12,
    AP: 53,
  })
  const all = sections.flatMap(({ behaviours }) => behaviours)
  expect(all.filter(({ weak }) => weak)).toHaveLength(75)
  expect(all.filter(({ out }) => out !== undefined)).toHaveLength(33)
  for (const { letters, behaviours } of sections) {
    const consecutive = behaviours.map((_, index) => `${letters}-${String(index + 1).padStart(2, '0')}`)
    expect(behaviours.map(({ number }) => number)).toEqual(consecutive)
  }
})

it('says for every weakness what is better', () => {
  const silent = readBehaviours()
    .flatMap(({ behaviours }) => behaviours)
    .filter(({ weak, text }) => weak !== text.includes('Better: '))
  expect(silent).toEqual([])
})
