// A web server on a socket that it was given: `sennit run web.mjs --generation N`.
import { createServer } from 'node:http'
import { service } from '@sennit/endpoints'
import { httpFactory } from '@sennit/http'
import { Application } from '@sennit/service'

export const options = {
  generation: { type: 'string', default: '1', description: 'what it answers' },
  endpoint: { type: 'string', default: 'systemd:domain=INET:name=web', description: 'where it listens' },
}

export function application({ generation, endpoint }) {
  const server = createServer((request, response) => {
    const answer = () => response.end(`generation ${generation}`)
    if (request.url === '/slow') setTimeout(answer, 30)
    else answer()
  })
  return new Application('web', {}, [service(endpoint, httpFactory(server))])
}
