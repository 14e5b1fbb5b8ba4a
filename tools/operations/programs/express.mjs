// An Express application that counts what it has accepted and answered: `sennit run express.mjs --folder FOLDER`.
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import express from 'express'
import { service } from '@sennit/endpoints'
import { httpFactory } from '@sennit/http'
import { Application, hooks } from '@sennit/service'

export const options = { folder: { type: 'string', description: 'where it leaves traces' } }

export function application({ folder }) {
  const served = { accepted: 0, finished: 0 }
  const app = express()
  app.use((_request, response, next) => {
    served.accepted++
    response.once('finish', () => served.finished++)
    next()
  })
  app.get('/', (_request, response) => response.send('quick'))
  app.get('/slow', (_request, response) => setTimeout(() => response.send('slow'), 30))
  const web = service('tcp:0:interface=127.0.0.1', httpFactory(createServer(app)), { name: 'web' })
  return new Application('express', {}, [
    hooks('traces', { stop: () => writeFileSync(join(folder, 'served'), JSON.stringify(served)) }),
    web,
    hooks('port', { start: () => writeFileSync(join(folder, 'port'), String(web.getHost().port)) }),
  ])
}
