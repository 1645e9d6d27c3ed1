/** The path of a request, without its query. */
export function pathOf({ url }: { url: string }): string {
  const end = url.indexOf('?')
  return end < 0 ? url : url.slice(0, end)
}

/** The query of a request as it was sent, without the `?`; empty without one. */
export function rawQueryOf({ url }: { url: string }): string {
  const start = url.indexOf('?')
  return start < 0 ? '' : url.slice(start + 1)
}
