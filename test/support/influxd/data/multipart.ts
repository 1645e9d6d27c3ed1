/** The parts of a `multipart/form-data` body. */
export interface Part {
  readonly name: string
  /** Of an uploaded file. */
  readonly filename: string | undefined
  readonly value: string
}

export function fieldsOf(body: Buffer, contentType: string): Part[] {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1]
  if (!boundary) return []
  return body
    .toString('utf8')
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((text) => {
      const [head = '', ...rest] = text.replace(/^\r\n/, '').split('\r\n\r\n')
      return {
        name: /[; ]name="([^"]*)"/.exec(head)?.[1] ?? '',
        filename: /filename="([^"]*)"/.exec(head)?.[1],
        value: rest.join('\r\n\r\n').replace(/\r\n$/, ''),
      }
    })
}
