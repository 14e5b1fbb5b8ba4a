/**
 * The `it` of the suites for streams.
 *
 * @module
 */
import { caseWith } from './kit.ts'
import { Scene, type StreamSuite, type StreamSurroundings } from './stream-scene.ts'

/** Defines a case that has a scene, which is cleared afterwards. */
export type StreamCase<S extends StreamSurroundings> = (
  title: string,
  run: (scene: Scene<S>) => Promise<void>,
) => void

export function streamCase<S extends StreamSurroundings>({ kit, make }: StreamSuite<S>): StreamCase<S> {
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
