import { suite } from '../../vitest.config.ts'

// The tests run whole tools, on a machine that may be busy.
export default suite('checks', { testTimeout: 60_000 })
