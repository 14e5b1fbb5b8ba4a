#!/usr/bin/env node
/**
 * The command `sennit`.
 *
 * @module
 */
import { main } from './main.ts'

// Not awaited: Node would add a warning of its own when a module waits in vain.
void main(process.argv.slice(2)).then((code) => process.exit(code))
