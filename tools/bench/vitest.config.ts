import { suite } from '../../vitest.config.ts'

// Each file starts processes, on a machine that may be busy.
export default suite('bench', { testTimeout: 60_000, hookTimeout: 60_000 })
