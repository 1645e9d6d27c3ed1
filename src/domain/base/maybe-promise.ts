/** A value, or a promise of one. The hot path returns values, because awaiting them costs a microtask each. */
export type MaybePromise<T> = T | Promise<T>

/**
 * Passes the value to `next`: at once if it is not a promise, else when it resolves. `failed` handles a rejected
 * promise; an error that the caller throws before there is a promise, the caller must catch itself. (A module must
 * not export `then`.)
 */
export function andThen<T, R, F = never>(
  value: MaybePromise<T>,
  next: (value: T) => MaybePromise<R>,
  failed?: (error: unknown) => MaybePromise<F>,
): MaybePromise<R | F> {
  return value instanceof Promise ? value.then(next, failed) : next(value)
}

/**
 * Starts something and passes its value to `next`, as `andThen` does. `failed` handles what `start` throws and a promise
 * that is rejected; what `next` throws at once goes to the caller.
 */
export function attempt<T, R, F>(
  start: () => MaybePromise<T>,
  next: (value: T) => MaybePromise<R>,
  failed: (error: unknown) => MaybePromise<F>,
): MaybePromise<R | F> {
  let value: MaybePromise<T>
  try {
    value = start()
  } catch (error) {
    return failed(error)
  }
  return andThen(value, next, failed)
}

/** Calls `begin` if the value is a promise, and what `begin` returns once that is settled. */
export function duringWait<T>(value: MaybePromise<T>, begin: () => () => void): MaybePromise<T> {
  return value instanceof Promise ? value.finally(begin()) : value
}
