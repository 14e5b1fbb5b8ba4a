/**
 * What is asked by HTTP. It knows nothing of Sennit, nor of signals: an application of Express as any other.
 *
 * @module
 */
import express, { type ErrorRequestHandler, type Express } from 'express'
import type { Notes } from './notes.ts'

export function web(notes: Pick<Notes, 'add' | 'list'>, isReady: () => boolean): Express {
  const app = express()
  app.use(express.json({ limit: '10kb' }))

  app.get('/healthz', (_request, response) => {
    response.status(isReady() ? 200 : 503).send(isReady() ? 'ok' : 'not ready')
  })

  app.get('/notes', async (_request, response) => {
    response.json(await notes.list())
  })

  app.post('/notes', async (request, response) => {
    const { text } = (request.body ?? {}) as { text?: unknown }
    if (typeof text !== 'string' || text === '') {
      response.status(400).json({ error: `'text' must be a text, and not empty` })
      return
    }
    response.status(201).json(await notes.add(text))
  })

  return app.use(failed)
}

/** What a handler rejects with: the client's fault when it has a status, such as a body that is no JSON; else that of the database. */
const failed: ErrorRequestHandler = (error: Error & { status?: number }, _request, response, next) => {
  if (response.headersSent) return next(error)
  const { status = 503, message } = error
  if (status >= 500) console.error(message)
  response.status(status).json({ error: status < 500 ? message : 'The database does not answer' })
}
