/**
 * The key and the certificate of the servers that encrypt.
 *
 * @module
 */
import { authority } from '@sennit/testing'

export const { key, cert } = authority('comparison').issue('localhost')
