import { suite } from '../../vitest.config.ts'

// These run in child processes, where the coverage does not reach.
export default suite('cli', {}, ['src/main.ts', 'src/sennit.ts', 'src/terminal.ts'])
