/**
 * What a module has left open, so that the process would not end.
 *
 * @module
 */

/** What Node calls it, and what people do. Those that are not here come and go by themselves. */
const NAMES: Readonly<Record<string, string>> = {
  Timeout: 'a timer',
  TCPSocketWrap: 'a TCP connection',
  TCPServerWrap: 'a TCP server',
  PipeWrap: 'a pipe or UNIX connection',
  PipeServerWrap: 'a UNIX server',
  UDPWrap: 'a UDP socket',
  FSEventWrap: 'a file that is watched',
  StatWatcher: 'a file that is watched',
  ProcessWrap: 'a child process',
  MessagePort: 'a message port or worker',
  SignalWrap: 'a signal handler',
}

/** What is open at this moment, and keeps the process alive. */
export function openNow(): readonly string[] {
  return process.getActiveResourcesInfo()
}

/** What has been opened between two looks, in words. */
export function opened(before: readonly string[], after: readonly string[]): string[] {
  const left = [...before]
  const more: string[] = []
  for (const kind of after) {
    const known = left.indexOf(kind)
    if (known >= 0) left.splice(known, 1)
    else if (NAMES[kind] !== undefined) more.push(NAMES[kind])
  }
  return [...new Set(more)]
}
