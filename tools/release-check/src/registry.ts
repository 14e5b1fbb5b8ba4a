/**
 * A registry of npm packages for as long as a check takes: on 127.0.0.1, empty, and with no other registry behind it.
 *
 * @module
 */
import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import { runServer } from 'verdaccio'

/** A registry that serves. */
export interface Registry {
  /** With a slash at the end. */
  readonly url: string
  /** A file with the settings of npm for one who may publish. */
  readonly userConfig: string
  stop(): Promise<void>
}

/** @param folder - where it keeps what is published, and its users */
export async function startRegistry(folder: string): Promise<Registry> {
  const everybody = { access: '$all', publish: '$authenticated' }
  const server = (await runServer({
    configPath: join(folder, 'config.yaml'),
    storage: join(folder, 'storage'),
    auth: { htpasswd: { file: join(folder, 'htpasswd'), max_users: 10 } },
    uplinks: {},
    packages: { '@sennit/*': everybody, '**': everybody },
    web: { enable: false },
    log: { type: 'stdout', format: 'pretty', level: 'fatal' },
  } as never)) as Server
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const url = `http://${host}/`
  const userConfig = join(folder, 'npmrc')
  writeFileSync(userConfig, `@sennit:registry=${url}\n//${host}/:_authToken=${await addUser(url)}\n`)
  return {
    url,
    userConfig,
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** Makes the user who publishes. */
async function addUser(url: string): Promise<string> {
  const name = 'publisher'
  const response = await fetch(`${url}-/user/org.couchdb.user:${name}`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      name,
      password: 'of no use elsewhere',
      _id: `org.couchdb.user:${name}`,
      type: 'user',
      roles: [],
    }),
  })
  const { token } = (await response.json()) as { token?: string }
  if (token === undefined) throw new Error(`The registry has made no user: ${response.status}`)
  return token
}
