/**
 * Asking a process for its status document.
 *
 * @module
 */
import { type IncomingMessage, request } from 'node:http'
import { request as secureRequest } from 'node:https'
import type { Seconds } from '@sennit/interfaces'
import { asError } from '@sennit/runtime/internal'
import { StatusError } from './errors.ts'
import { explain } from './explain.ts'
import type { StatusAddress } from './status-address.ts'

/** A process that does not answer so long hangs. */
const TIMEOUT: Seconds = 5

/** A document is never larger: its nodes and texts are bounded. */
const LARGEST = 64 * 1024 * 1024

/** Who is not there, by the code of the error. */
const NOBODY: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ENOENT: 'there is no such socket',
  ENOTFOUND: 'there is no such host',
  EACCES: 'the socket may not be used by this user',
}

/**
 * Asks for a status document.
 *
 * @returns the document, as JSON
 * @throws StatusError (`ERR_SENNIT_STATUS`), as a rejection, when nobody is there, or what answers is no status page
 */
export async function readStatus(address: StatusAddress, timeout: Seconds = TIMEOUT): Promise<string> {
  const fail = (why: string, cause?: unknown): StatusError => new StatusError(address.text, why, { cause })
  const signal = AbortSignal.timeout(timeout * 1000)
  try {
    const response = await responseOf(address, signal)
    const { statusCode } = response
    if (statusCode !== 200) {
      response.destroy()
      throw fail(`it answered ${statusCode} ${response.statusMessage}: is it the status page of Sennit?`)
    }
    return await textOf(response)
  } catch (error) {
    if (error instanceof StatusError) throw error
    if (signal.aborted) throw fail(`it did not answer within ${timeout} s`, error)
    const { code = '' } = asError(error) as NodeJS.ErrnoException
    const nobody = NOBODY[code]
    throw fail(nobody === undefined ? explain(error) : `${nobody} (${code})`, error)
  }
}

function responseOf(address: StatusAddress, signal: AbortSignal): Promise<IncomingMessage> {
  const { secure, text: _text, ...where } = address
  const headers = { accept: 'application/json', ...(where.socketPath !== undefined && { host: 'localhost' }) }
  return new Promise((resolve, reject) => {
    const send = secure ? secureRequest : request
    send({ ...where, headers, signal, agent: false }, resolve)
      .on('error', reject)
      .end()
  })
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > LARGEST) throw new Error('the answer is too large for a status document')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
