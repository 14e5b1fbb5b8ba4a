/** A folder, served to a browser on this machine. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import sirv from 'sirv'

export interface ServedFolder extends AsyncDisposable {
  /** Ends in a slash. */
  readonly url: string
}

export async function serve(folder: string): Promise<ServedFolder> {
  const server = createServer(sirv(folder, { maxAge: 3600 }))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
