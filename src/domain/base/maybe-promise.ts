/** What may be there already. Who waits for one that is there pays for a promise that nobody needed. */
export type MaybePromise<T> = T | Promise<T>
