import { suite } from '../../../vitest.config.ts'

export default suite('example-statsd-relay')
