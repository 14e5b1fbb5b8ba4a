/**
 * Prints what is at a URL, as soon as it can be had: `node dist/main.js URL [SECONDS]`.
 *
 * @module
 */
import { fetchText } from './fetch-text.ts'

const [url = '', seconds = '30'] = process.argv.slice(2)

const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort(new Error('interrupted')))

try {
  const text = await fetchText(url, {
    timeout: Number(seconds),
    signal: interrupted.signal,
    log: {
      debug: () => {},
      info: (fields) => {
        const { err, attempt, retryIn } = fields as { err: Error; attempt: number; retryIn: number }
        console.error(`attempt ${attempt}: ${reason(err)}; again in ${retryIn.toFixed(1)} s`)
      },
      warn: (fields, message) => console.error(message, fields),
      error: (fields, message) => console.error(message, fields),
    },
  })
  console.log(text)
} catch (error) {
  console.error(reason(error as Error))
  process.exitCode = 1
}

/** `fetch` hides what happened in the cause. */
function reason({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}: ${cause.message}` : message
}
