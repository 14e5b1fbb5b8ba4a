import { suite } from '../../vitest.config.ts'

// These run in child processes, where the coverage does not reach.
export default suite('cli', {}, ['src/log.ts', 'src/main.ts', 'src/sennit.ts'])
