/**
 * What the command ends with: 0, 1, and the codes of BSD's `sysexits` that have a use here.
 *
 * | code    | when                                                                                              |
 * |---------|---------------------------------------------------------------------------------------------------|
 * | 0       | done; stopped by a signal, and well                                                               |
 * | 1       | there is no application, or it did not start, failed, or did not stop well; nobody tells a status |
 * | 64      | the arguments make no sense                                                                       |
 * | 74      | the log cannot be written where it shall be                                                       |
 * | 128 + n | ended at once, by signal n: a second one, or one while the module was loaded                      |
 *
 * @module
 */

/** Done. */
export const OK = 0

/** Something went wrong. */
export const FAILURE = 1

/** `EX_USAGE`: the arguments make no sense. */
export const USAGE = 64

/** `EX_IOERR`: something cannot be written. */
export const IO_ERROR = 74
