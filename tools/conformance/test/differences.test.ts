import { expect, it } from 'vitest'
import { parseDifferences } from '../src/differences.ts'

it('reads the entries, and leaves the text between them alone', () => {
  const text = `# Page\n- plain\n- **TS-07** (differs): so\n  and so, see CS-25.\n- **A** is bold\n- **SE-05, SE-07** (better): so\n- **CK-03** (differs, tested): so\n`
  expect(parseDifferences(text)).toEqual({
    entries: [
      { numbers: ['TS-07'], standing: 'differs' },
      { numbers: ['SE-05', 'SE-07'], standing: 'better' },
      { numbers: ['CK-03'], standing: 'differs, tested' },
    ],
    malformed: [],
  })
})

it.each([
  '- **TS-07** (differs):',
  '- **TS-07**: so',
  '- **TS-07** (other): so',
  '- TS-07 (differs): so',
  '* **TS-07** (differs): so',
  '- **TS-07**, **TS-08** (differs): so',
  '  - **TS-07** (differs): so',
])('finds that an entry is not of the form: %s', (line) => {
  expect(parseDifferences(line)).toEqual({ entries: [], malformed: [line] })
})
