import { createHash } from 'node:crypto'

/** A strong entity tag of these bytes (RFC 9110, 8.8.3). */
export function entityTagOf(body: string | Uint8Array): string {
  return `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
}

/** Whether `If-None-Match` names a tag, or any (RFC 9110, 13.1.2: compared weakly). */
export function isNotModified(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false
  return header.split(',').some((each) => {
    const wanted = each.trim()
    return wanted === '*' || wanted === tag || wanted === `W/${tag}`
  })
}
