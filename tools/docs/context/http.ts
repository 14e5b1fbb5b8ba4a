/**
 * Around the examples of `@sennit/http`.
 *
 * @module
 */
import type { RequestListener } from 'node:http'

export { createServer } from 'node:http'

export const app: RequestListener = (_request, response) => void response.end('ok')
