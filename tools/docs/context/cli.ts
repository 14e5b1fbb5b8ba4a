/**
 * Around the examples of `@sennit/cli`.
 *
 * @module
 */
import { handler } from '@sennit/protocol'
import { serve } from './common.ts'

export const values = { port: '8080' }
export const web = handler(serve)
