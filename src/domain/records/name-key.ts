import { hash } from 'node:crypto'

/** Control, format, unassigned and ignorable characters, and two that show nothing, but no tabs and line ends. */
const INVISIBLE = /[[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Cn}\u2800\ufffc]--[\t-\r]]/gv

/**
 * A name as far as one can see it: names that differ only in how accents are composed, in compatibility forms
 * (Unicode NFKC), in invisible characters or in blanks around them have the same one. Case stays. A name itself is
 * kept and answered as it was given; this only tells which names are alike.
 */
export function canonicalName(name: string): string {
  // Once more after the removal, since an invisible character keeps an accent from joining its letter.
  return name.normalize('NFKC').replaceAll(INVISIBLE, '').normalize('NFKC').trim()
}

/**
 * The key under which a name is unique: the SHA-256 of its canonical form, 43 digits of URL-safe base64. A hash,
 * because NFKC makes some names eleven times as long, which is more than an index of PostgreSQL takes.
 */
export function nameKey(name: string): string {
  return hash('sha256', canonicalName(name), 'base64url')
}
