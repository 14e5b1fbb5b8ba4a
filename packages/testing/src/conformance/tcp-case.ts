/**
 * The `it` of the TCP suite.
 *
 * @module
 */
import { type ConformanceKit, type Maker, caseWith } from './kit.ts'
import { Scene, type TCPSurroundings } from './tcp-scene.ts'

/** Defines a case that has a scene, which is cleared afterwards. */
export type TCPCase = (title: string, run: (scene: Scene) => Promise<void>) => void

export function tcpCase(kit: ConformanceKit, make: Maker<TCPSurroundings>): TCPCase {
  const it = caseWith(kit, make)
  return (title, run) => {
    it(title, async (made, log) => {
      const scene = new Scene(made, log)
      try {
        await run(scene)
      } finally {
        await scene.close()
      }
    })
  }
}
