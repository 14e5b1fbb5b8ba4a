// A web server: `sennit run web.mjs --generation N --endpoint ENDPOINT`; by default on a socket that it was given.
import { createServer } from 'node:http'
import { service } from '@sennit/endpoints'
import { httpFactory } from '@sennit/http'
import { Application, hooks } from '@sennit/service'

export const options = {
  generation: { type: 'string', default: '1', description: 'what it answers' },
  endpoint: {
    type: 'string',
    multiple: true,
    default: ['systemd:domain=INET:name=web'],
    description: 'where it listens',
  },
  warmup: { type: 'string', default: '0', description: 'how long its start takes, in milliseconds' },
  fail: { type: 'boolean', description: 'whether its start fails' },
}

/** What a process that has dropped its privileges must not be able to do. */
function becomeRoot() {
  const attempts = {
    setuid: () => process.setuid(0),
    seteuid: () => process.seteuid(0),
    setgid: () => process.setgid(0),
    setegid: () => process.setegid(0),
    setgroups: () => process.setgroups([0]),
  }
  return Object.entries(attempts).map(([name, attempt]) => {
    try {
      attempt()
      return `${name} worked`
    } catch (error) {
      return `${name} ${error.code}`
    }
  })
}

export function application({ generation, endpoint, warmup, fail }) {
  const answer = `generation ${generation}\n`
  const large = answer.repeat(5000)
  const serve = (request, response) => {
    switch (request.url) {
      case '/slow':
        return setTimeout(() => response.end(answer), 30)
      case '/large':
        return response.end(large)
      case '/pid':
        return response.end(String(process.pid))
      case '/become-root':
        return response.end(JSON.stringify(becomeRoot()))
      case '/block':
        // It does not come back from that.
        for (;;);
      default:
        return response.end(answer)
    }
  }
  return new Application('web', {}, [
    hooks('warmup', {
      start: async () => {
        await new Promise((resolve) => setTimeout(resolve, Number(warmup)))
        if (fail) throw new Error('no database')
      },
    }),
    ...endpoint.map((each) => service(each, httpFactory(createServer(serve)), { name: each })),
  ])
}
