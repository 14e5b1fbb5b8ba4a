/**
 * What the gates are asked about.
 *
 * @module
 */
/** A package that is built. */
export interface Candidate {
  /** The absolute path of its folder. */
  readonly folder: string
  /** Without the scope. */
  readonly name: string
  readonly manifest: CandidateManifest
}

/** The parts of its `package.json` that the gates read. */
export interface CandidateManifest {
  readonly name: string
  readonly version: string
  /** At most so many bytes has the minified bundle of the package. */
  readonly sizeBudget?: SizeBudget
  readonly sideEffects?: unknown
}

/** Bytes. */
interface SizeBudget {
  /** Without its dependencies. */
  readonly alone: number
  /** With all that it depends on; where somebody was promised that it is little. */
  readonly together?: number
}
