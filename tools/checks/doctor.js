/**
 * `npm run doctor`: what is missing on this machine, and in this checkout. Nothing has to be installed for it, and any Node can begin it:
 * one that cannot run TypeScript is told apart here.
 *
 * @module
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major > 22 || (major === 22 && minor >= 18)) {
  await import('./src/doctor.ts')
} else {
  console.log(`WRONG  node: ${process.versions.node} cannot run the tools`)
  console.log(
    '  Mend: npm run bootstrap, which brings Node along on Linux; elsewhere put Node 24 on the path.',
  )
  process.exitCode = 1
}
