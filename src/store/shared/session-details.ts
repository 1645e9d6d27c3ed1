/** The fields of a session that are stored as one text, beside those that stores search by and scripts change. */
import type { Session } from '../../domain/records/session.ts'

type Details = Pick<Session, 'method' | 'level' | 'authenticatedAt' | 'outside'>

/** Writes the details as JSON with the keys in a fixed order, so that a MAC over the text stays right. */
export function writeDetails({ method, level, authenticatedAt, outside }: Details): string {
  if (!outside) return JSON.stringify({ method, level, authenticatedAt })
  const { provider, issuer, subject, sid, endsAt } = outside
  return JSON.stringify({
    ...{ method, level, authenticatedAt },
    outside: { provider, issuer, subject, sid, endsAt },
  })
}

/** An older version wrote nothing: its sessions began with a password. */
export function readDetails(text: string, createdAt: number): Details {
  const details: Details = { method: 'password', level: 'one-factor', authenticatedAt: createdAt }
  return text === '' ? details : { ...details, ...JSON.parse(text) }
}
