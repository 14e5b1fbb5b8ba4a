import { Worker } from 'node:worker_threads'
import type { IAddress, SocketFamily } from '@sennit/interfaces'
import { internetAddress, UNIXAddress } from '@sennit/protocol'
import { SocketFolder } from './socket-folder.ts'

/**
 * Opens what it is told to, and does nothing more: its loop stands still, so that it never accepts. It is never ended before the process is,
 * since the numbers of its descriptors may have been given anew by then.
 */
const OWNER = `
  const { parentPort, workerData: { what, where } } = require('node:worker_threads')
  const stand = () => setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))
  const tell = (message) => { parentPort.postMessage(message); stand() }
  if (what === 'datagram') {
    const socket = require('node:dgram').createSocket('udp4')
    socket.bind(0, '127.0.0.1', () => {
      const keys = Object.getOwnPropertySymbols(socket)
      tell({ fd: keys.map((key) => socket[key]?.handle?.fd).find((fd) => fd !== undefined) })
    })
  } else {
    const server = require('node:net').createServer({ pauseOnConnect: true })
    server.listen(where, () => {
      const listening = { fd: server._handle.fd, port: server.address().port }
      if (what === 'listener') tell(listening)
      else parentPort.postMessage(listening)
    })
    server.once('connection', (socket) => tell({ fd: socket._handle.fd }))
  }
`

/** Sockets that are open in this process, and of which its loop knows nothing. */
export class OthersSockets {
  readonly unused = 1_000_000
  readonly #files = new SocketFolder()

  readonly open = async (family: SocketFamily): Promise<{ fd: number; address: IAddress }> => {
    const where = this.#where(family)
    const [opened] = this.#own('listener', where)
    const { fd, port } = await opened!
    return { fd, address: addressOf(where, port) }
  }

  readonly openUDP = async (): Promise<number> => {
    const [opened] = this.#own('datagram')
    return (await opened!).fd
  }

  readonly accept = async (family: 'INET' | 'UNIX', connect: (to: IAddress) => void): Promise<number> => {
    const where = this.#where(family)
    const [listening, accepted] = this.#own('connection', where, 2)
    connect(addressOf(where, (await listening!).port))
    return (await accepted!).fd
  }

  readonly dispose = (): void => this.#files.dispose()

  #where(family: SocketFamily): Where {
    if (family === 'UNIX') return { path: this.#files.path() }
    return { port: 0, host: family === 'INET' ? '127.0.0.1' : '::1' }
  }

  /** What the owner says, message by message. */
  #own(what: string, where?: Where, count = 1): Promise<Opened>[] {
    const owner = new Worker(OWNER, { eval: true, workerData: { what, where } })
    owner.unref()
    const heard: ((message: Opened) => void)[] = []
    const said = Array.from({ length: count }, () => new Promise<Opened>((resolve) => heard.push(resolve)))
    owner.on('message', (message: Opened) => heard.shift()!(message))
    return said
  }
}

type Where = { readonly path: string } | { readonly port: number; readonly host: string }

interface Opened {
  readonly fd: number
  readonly port: number
}

function addressOf(where: Where, port: number): IAddress {
  return 'path' in where ? new UNIXAddress(where.path) : internetAddress('TCP', where.host, port)
}
