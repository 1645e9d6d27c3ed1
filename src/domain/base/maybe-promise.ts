/** A value, or a promise of one. The hot path returns values, because awaiting them costs a microtask each. */
export type MaybePromise<T> = T | Promise<T>

/**
 * What `next` makes of the value: at once if it is there, else a promise. `failed` answers for a promise that is
 * rejected; what a caller throws before there is a promise, it must catch itself. (A module must not export `then`.)
 */
export function andThen<T, R, F = never>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<R>,
  failed?: (error: unknown) => MaybePromise<F>,
): MaybePromise<R | F> {
  return value instanceof Promise ? value.then(next, failed) : next(value)
}
