// A module that keeps the loop from turning while it is loaded, as big ones do, and once more while it makes the application.
import { Application } from '@sennit/service'

function block(what) {
  process.stderr.write(`blocking: ${what}\n`)
  const until = performance.now() + 300
  while (performance.now() < until);
}

block('module')

export function application() {
  block('function')
  return new Application('blocking')
}
