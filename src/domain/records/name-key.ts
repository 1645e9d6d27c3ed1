import { hash } from 'node:crypto'

/**
 * Characters that are ignored when names are compared: control, format, unassigned and default-ignorable ones, the
 * blank Braille pattern (U+2800) and the object replacement character (U+FFFC). Tab to carriage return are kept.
 */
const INVISIBLE = /[[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Cn}\u2800\ufffc]--[\t-\r]]/gv

/**
 * The visible form of a name. Names that differ only in the composition of accents, compatibility forms (Unicode NFKC),
 * invisible characters or surrounding blanks have the same one; case matters. It serves only to compare names: records
 * and responses keep a name as it was given.
 */
export function canonicalName(name: string): string {
  // Normalized again after the removal: an invisible character may have kept an accent apart from its letter.
  return name.normalize('NFKC').replaceAll(INVISIBLE, '').normalize('NFKC').trim()
}

/**
 * The key by which names are unique: SHA-256 of the canonical form, 43 characters of URL-safe base64. It is a hash
 * because NFKC makes some names eleven times as long, more than an index in PostgreSQL accepts.
 */
export function nameKey(name: string): string {
  return hash('sha256', canonicalName(name), 'base64url')
}
