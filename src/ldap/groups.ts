/** Which groups a user is in. */
import type { Entry } from 'ldapts'
import type { Log } from '../domain/base/log.ts'
import type { Connection } from './connection.ts'
import { textsOf } from './entries.ts'
import { directoryErrorOf, type Problem } from './failure.ts'
import { cnOf, fillFilter, foldDn } from './names.ts'
import type { GroupOptions } from './options.ts'

const MOST_LEVELS = 10
const MOST_GROUPS = 1000
/** How many groups one search of the next level names. */
const AT_ONCE = 25
/** [MS-ADTS] 3.1.1.3.4.4.3, LDAP_MATCHING_RULE_TRANSITIVE_EVAL. */
const CHAIN = 'member:1.2.840.113556.1.4.1941:'

/**
 * The groups of a user, each by its distinguished name in folded form and by its `cn`. A `cn` that reads like a
 * distinguished name is left out: a person who may make a group somewhere could name it like one that gives rights.
 * Throws DirectoryError.
 */
export async function groupsOf(
  user: { readonly entry: Entry; readonly name: string },
  deps: { connection: Connection; options: GroupOptions; log: Log },
): Promise<string[]> {
  const dns = await groupDnsOf(user, deps)
  const names = [...dns.keys()].flatMap((dn) => {
    const cn = cnOf(dn)
    return cn === undefined || cn.includes('=') ? [dn] : [dn, cn]
  })
  return [...new Set(names)]
}

/** Folded names, each with the name as the directory writes it. */
async function groupDnsOf(
  { entry, name }: { readonly entry: Entry; readonly name: string },
  deps: { connection: Connection; options: GroupOptions; log: Log },
): Promise<ReadonlyMap<string, string>> {
  const { connection, options, log } = deps
  const search = (filter: string) => searchGroups(connection, options, filter)
  if (options.nested === 'chain') return byFold(await search(`(${CHAIN}=${fillFilter('{dn}', entry)})`))
  const direct =
    options.from === 'member-of'
      ? textsOf(entry, options.attribute)
      : await search(fillFilter(options.filter, { dn: entry.dn, name }))
  const found = byFold(direct)
  if (options.nested === 'none') return found
  const all = new Map(found)
  let level = [...found.values()]
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > MOST_LEVELS || all.size > MOST_GROUPS) {
      log.warn('a user is in more nested groups than the limit; some are ignored', {
        dn: entry.dn,
        groups: all.size,
      })
      break
    }
    const above = byFold(
      options.from === 'member-of'
        ? await parentsByAttribute(connection, options, level)
        : await parentsBySearch(search, options, level),
    )
    const added = [...above].filter(([fold]) => !all.has(fold))
    for (const [fold, dn] of added) all.set(fold, dn)
    level = added.map(([, dn]) => dn)
  }
  return all
}

function byFold(dns: readonly string[]): Map<string, string> {
  return new Map(dns.flatMap((dn) => [[foldDn(dn), dn] as const]).filter(isFolded))
}

function isFolded(pair: readonly [string | undefined, string]): pair is readonly [string, string] {
  return pair[0] !== undefined
}

async function searchGroups(connection: Connection, { baseDn }: GroupOptions, filter: string) {
  // No attribute is needed (RFC 4511, 4.5.1.8).
  const found = await connection.search({ base: baseDn, filter, attributes: ['1.1'] })
  return found.map(({ dn }) => dn)
}

async function parentsBySearch(
  search: (filter: string) => Promise<string[]>,
  { filter }: GroupOptions,
  level: readonly string[],
): Promise<string[]> {
  const found: string[] = []
  for (let at = 0; at < level.length; at += AT_ONCE) {
    const each = level.slice(at, at + AT_ONCE).map((dn) => fillFilter(filter, { dn, name: '' }))
    found.push(...(await search(`(|${each.join('')})`)))
  }
  return found
}

async function parentsByAttribute(
  connection: Connection,
  { attribute }: GroupOptions,
  level: readonly string[],
): Promise<string[]> {
  const found: string[] = []
  for (const dn of level) {
    const read = connection.search({
      ...{ base: dn, scope: 'base', filter: '(objectClass=*)', attributes: [attribute], limit: 1 },
    })
    const entries = await read.catch((error) => {
      // A group of another part of the directory, or one that was removed meanwhile.
      if (directoryErrorOf(error).problem === ('base' satisfies Problem)) return []
      throw error
    })
    found.push(...entries.flatMap((entry) => textsOf(entry, attribute)))
  }
  return found
}
