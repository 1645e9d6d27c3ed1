/** Reading entries. */
import { type Entry, EqualityFilter, type Filter, OrFilter } from 'ldapts'
import { DirectoryError } from './failure.ts'

/** Attributes whose value is 16 bytes ([MS-ADTS] 3.1.1.1.4), shown as Microsoft writes them. */
const GUID_ATTRIBUTES: ReadonlySet<string> = new Set(['objectguid'])

export const isGuidAttribute = (name: string): boolean => GUID_ATTRIBUTES.has(name.toLowerCase())

/** The names under which a server may return an attribute of bytes: as asked for, or as its schema writes it. */
export const binaryNames = (name: string): string[] =>
  isGuidAttribute(name) ? [name, 'objectGUID', name.toLowerCase()] : []

/** All values of an attribute, whatever case the server writes its name in. */
export function valuesOf(entry: Entry, attribute: string): (string | Buffer)[] {
  const wanted = attribute.toLowerCase()
  const found = Object.entries(entry).find(([name]) => name !== 'dn' && name.toLowerCase() === wanted)
  return found === undefined ? [] : [found[1]].flat()
}

export function textsOf(entry: Entry, attribute: string): string[] {
  return valuesOf(entry, attribute).filter((value) => typeof value === 'string')
}

/** The entry's unchanging id, whatever its name becomes. Throws DirectoryError unless the attribute has one value. */
export function subjectOf(entry: Entry, attribute: string): string {
  const [value, ...more] = valuesOf(entry, attribute)
  if (value === undefined || value.length === 0 || more.length > 0) {
    const count = more.length > 0 ? `${more.length + 1} values` : 'no value'
    throw new DirectoryError(
      'misconfigured',
      `an entry has ${count} of ${attribute}; ldap-id-attribute must have one, such as entryUUID or objectGUID`,
    )
  }
  if (!isGuidAttribute(attribute)) return value.toString().toLowerCase()
  const bytes = Buffer.from(value as Buffer)
  if (bytes.length !== 16) throw new DirectoryError('misconfigured', `${attribute} is not 16 bytes`)
  return guidText(bytes)
}

/** Finds the entry with this subject. */
export function subjectFilter(attribute: string, subject: string): Filter {
  return new EqualityFilter({ attribute, value: isGuidAttribute(attribute) ? guidBytes(subject) : subject })
}

export function anyOf(filters: Filter[]): Filter {
  return new OrFilter({ filters })
}

/** [MS-DTYP] 2.3.4: the first three fields have their lowest byte first. */
const ORDER = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15]

function guidText(bytes: Buffer): string {
  const hex = Buffer.from(ORDER.map((at) => bytes[at] ?? 0)).toString('hex')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function guidBytes(text: string): Buffer {
  const bytes = Buffer.from(text.replaceAll('-', ''), 'hex')
  return Buffer.from(ORDER.map((at) => bytes[at] ?? 0))
}
