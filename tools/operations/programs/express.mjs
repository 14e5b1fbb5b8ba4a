// An Express application that counts what it has accepted and answered, and says so at its end: `sennit run express.mjs`.
import { createServer } from 'node:http'
import express from 'express'
import { service } from '@sennit/endpoints'
import { httpFactory } from '@sennit/http'
import { Application, hooks } from '@sennit/service'

const say = (text) => process.stderr.write(`express: ${text}\n`)

export function application() {
  const served = { accepted: 0, finished: 0 }
  const app = express()
  app.use((_request, response, next) => {
    served.accepted++
    response.once('finish', () => served.finished++)
    next()
  })
  app.get('/', (_request, response) => response.send('quick'))
  app.get('/slow', (_request, response) => setTimeout(() => response.send('slow'), 30))
  app.get('/large', (_request, response) => response.send('large 1\n'.repeat(8000)))
  const web = service('tcp:0:interface=127.0.0.1', httpFactory(createServer(app)), { name: 'web' })
  return new Application('express', {}, [
    hooks('counts', { stop: () => say(`served ${JSON.stringify(served)}`) }),
    web,
    hooks('port', { start: () => say(`port ${web.getHost().port}`) }),
  ])
}
