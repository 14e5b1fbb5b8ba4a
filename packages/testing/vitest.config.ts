import { suite } from '../../vitest.config.ts'

// The suites are tests themselves: some run in the packages whose roles they are about, and nowhere here.
export default suite('testing', {}, ['src/conformance/**'])
