import type { IProtocol, IStreamTransport } from '@sennit/interfaces'

/** A protocol that records what happens to it. */
export class RecordingProtocol implements IProtocol {
  readonly calls: string[] = []
  transport!: IStreamTransport
  lost: Error | undefined
  makeConnection(transport: IStreamTransport) {
    this.transport = transport
    this.calls.push('makeConnection')
  }
  dataReceived(data: Uint8Array) {
    this.calls.push(Buffer.from(data).toString())
  }
  connectionLost(reason: Error) {
    this.lost = reason
    this.calls.push('connectionLost')
  }
}
