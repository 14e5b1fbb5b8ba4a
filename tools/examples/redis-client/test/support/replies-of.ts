import { StringTransport } from '@sennit/testing'
import { type Reply, type RespError, RespReceiver } from '../../src/index.ts'

class Collector extends RespReceiver {
  readonly replies: Reply[] = []
  readonly faults: RespError[] = []

  override replyReceived(reply: Reply): void {
    this.replies.push(reply)
  }

  override parseFailed(error: RespError): void {
    this.faults.push(error)
    super.parseFailed(error)
  }
}

/** What is read from chunks. */
export function repliesOf(chunks: Iterable<Uint8Array>): { replies: Reply[]; faults: RespError[] } {
  const collector = new Collector()
  collector.makeConnection(new StringTransport())
  for (const chunk of chunks) collector.dataReceived(chunk)
  return collector
}
