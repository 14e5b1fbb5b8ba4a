/**
 * The way in which a program under load begins.
 *
 * @module
 */

/** Starts the server that the command line names, and prints its port. */
export function announce(servers: Readonly<Record<string, () => Promise<number>>>): void {
  const name = process.argv[2] ?? ''
  const start = servers[name]
  if (start === undefined) throw new Error(`there is no server '${name}'`)
  void start().then((port) => process.stdout.write(`${JSON.stringify({ port })}\n`))
}
