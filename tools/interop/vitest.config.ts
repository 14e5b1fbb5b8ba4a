import { suite } from '../../vitest.config.ts'

// Each file starts programs in Python, on a machine that may be busy.
export default suite('interop', { testTimeout: 30_000, hookTimeout: 30_000 })
