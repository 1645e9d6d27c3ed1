/** A directory that is asked over LDAP (RFC 4511). It is only read, but for signing in as a user to check a password. */
import { AndFilter, type Entry, FilterParser } from 'ldapts'
import type { Clock } from '../domain/base/clock.ts'
import type { Log } from '../domain/base/log.ts'
import { createLimiter } from '../domain/passwords/limiter.ts'
import type { Directory, DirectoryEntry, DirectoryVerdict } from '../domain/records/directory.ts'
import type { OutsideIdentity } from '../domain/records/outside-identity.ts'
import type { Connection } from './connection.ts'
import { anyOf, binaryNames, subjectFilter, subjectOf, textsOf } from './entries.ts'
import { directoryAway, directoryErrorOf, RESULT, resultCodeOf } from './failure.ts'
import { groupsOf } from './groups.ts'
import { anybodyOf, bindNameOf, fillDn, fillFilter, fillNow, foldDn, isDnTemplate } from './names.ts'
import type { LdapOptions } from './options.ts'
import { requireRule } from './root-dse.ts'
import { createServers } from './servers.ts'

export const PROVIDER = 'ldap'

export interface LdapDirectory extends Directory {
  /** What is wrong with the settings, as far as the server tells; a server that is away tells nothing. */
  problem(): Promise<string | undefined>
  close(): void
}

/** What `find` found, of which the domain sees the key. */
interface Found extends DirectoryEntry {
  /** With which name to sign in as the user. */
  readonly bindName: string
  /** Undefined if it is read with the right password only. */
  readonly entry: Entry | undefined
}

/** How many people the directory is asked about in one search. */
const AT_ONCE = 100
const CHECKS_AT_ONCE = 32
const WAITING_CHECKS = 256

/**
 * Answers of the directory itself that refuse this one user: a wrong password, and accounts that it has locked or
 * disabled. They all are `wrong`, because another answer would tell that the name exists. Everything else is a
 * failure of the directory.
 */
const REFUSALS: ReadonlySet<number | undefined> = new Set([
  ...[RESULT.invalidCredentials, RESULT.constraintViolation, RESULT.inappropriateAuthentication],
  ...[
    RESULT.insufficientAccessRights,
    RESULT.unwillingToPerform,
    RESULT.noSuchObject,
    RESULT.invalidDNSyntax,
  ],
])

/** Whose directory this is; renaming the base makes others of its people. */
export const issuerOf = ({ baseDn }: Pick<LdapOptions, 'baseDn'>): string =>
  `ldap:${foldDn(baseDn) ?? baseDn}`

export function createLdapDirectory(options: LdapOptions, deps: { now: Clock; log: Log }): LdapDirectory {
  const { log, now } = deps
  const prepare = (connection: Connection) => requireRule(connection, options)
  const servers = createServers(options, { now, log, prepare })
  const reader = createReader(options, { now, log })
  const checks = createLimiter({
    ...{ concurrency: CHECKS_AT_ONCE, lanes: { all: WAITING_CHECKS } },
    refusal: 'too many sign-ins at once; try again',
  })

  async function answered<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      const failure = directoryErrorOf(error)
      log.error('the directory gives no answer', { problem: failure.problem, cause: failure.message })
      throw directoryAway(failure)
    }
  }

  /** Whether the server accepts the password; `work` runs on the same connection if it does. */
  async function asUser<T>(name: string, password: string, work: (own: Connection) => Promise<T>) {
    const own = await servers.open()
    try {
      try {
        await own.bind(name, password)
      } catch (error) {
        const code = resultCodeOf(error)
        if (!REFUSALS.has(code)) throw directoryErrorOf(error)
        // Active Directory says in the message why: locked, expired, disabled.
        log.info('the directory refuses a password', { code, cause: (error as Error).message })
        return undefined
      }
      return await work(own)
    } finally {
      own.close()
    }
  }

  return {
    ...{ provider: PROVIDER, issuer: issuerOf(options) },
    find: (name) =>
      answered(async () => {
        if (!isAskable(name)) return undefined
        if (options.bindTemplate !== undefined) return foundByTemplate(options.bindTemplate, name)
        const [entry, ...more] = await servers.search((connection) => reader.byName(connection, name))
        // Several of one name: it is not clear whose password counts.
        if (!entry || more.length > 0) return undefined
        const subject = subjectOf(entry, options.idAttribute)
        return { key: subject, subject, bindName: entry.dn, entry } satisfies Found
      }),
    async check(entry, password) {
      const found = entry as Found | undefined
      if (!isAskable(password)) return { kind: 'wrong' }
      return checks.pass('all', () =>
        answered(async (): Promise<DirectoryVerdict> => {
          const name = found?.bindName ?? fillDn(`cn={name},${options.baseDn}`, 'nobody of this directory')
          const verdict = await asUser(name, password, async (own) => {
            // A server that accepts a password for an entry that cannot exist would accept any.
            if (!found) return { kind: 'wrong' } as const
            const read = await ownEntry(found, own)
            if (!read) return { kind: 'wrong' } as const
            return servers.search((service) => reader.verdictOf(read, options.bindDn ? service : own))
          })
          return verdict ?? { kind: 'wrong' }
        }),
      )
    },
    lookUp(subjects) {
      return answered(async () => {
        if (!canLookUp(options)) return undefined
        const seen = new Map<string, OutsideIdentity | 'disabled'>()
        for (let at = 0; at < subjects.length; at += AT_ONCE) {
          const some = subjects.slice(at, at + AT_ONCE)
          for (const [subject, each] of await servers.search((service) => reader.among(service, some))) {
            seen.set(subject, each)
          }
        }
        return seen
      })
    },
    async problem() {
      try {
        await servers.search(async () => undefined)
        return undefined
      } catch (error) {
        const failure = directoryErrorOf(error)
        return failure.problem === 'misconfigured' ? failure.message : undefined
      }
    },
    close: () => servers.close(),
  }

  /** The entry as the search found it, or, signed in by a template, as the user may read it. */
  async function ownEntry(found: Found, own: Connection): Promise<Entry | undefined> {
    if (found.entry) return found.entry
    const [entry, ...more] = await reader.byBindName(own, found.bindName)
    if (entry && more.length === 0) return entry
    log.warn('a user whose password is right has no entry that they may read and that ldap-user-filter finds')
    return undefined
  }
}

/** Without an account that searches, with a template, there is no one to ask as. */
export function canLookUp({ bindTemplate, bindDn }: Pick<LdapOptions, 'bindTemplate' | 'bindDn'>): boolean {
  return bindTemplate === undefined || bindDn !== undefined
}

/** Empty passwords are anonymous binds, and NUL ends a text in many servers. */
function isAskable(text: string): boolean {
  return text !== '' && !text.includes('\0')
}

function foundByTemplate(template: string, name: string): Found | undefined {
  const bindName = bindNameOf(template, name)
  if (bindName === undefined) return undefined
  return { key: foldDn(bindName) ?? bindName.toLowerCase(), subject: undefined, bindName, entry: undefined }
}

export type LdapReader = ReturnType<typeof createReader>

/** What the searches of a directory are. Each throws DirectoryError. */
export function createReader(options: LdapOptions, { now, log }: { now: Clock; log: Log }) {
  const { baseDn: base, idAttribute, nameAttribute, emailAttribute, disabledFilter, groups } = options
  const memberOf = groups.from === 'member-of' ? [groups.attribute] : []
  const attributes = [idAttribute, nameAttribute, emailAttribute, ...memberOf]
  const common = { base, attributes, binary: binaryNames(idAttribute) }

  const disabledNow = () => disabledFilter && fillNow(disabledFilter, now())

  async function isDisabled(entry: Entry, connection: Connection): Promise<boolean> {
    const filter = disabledNow()
    if (filter === undefined) return false
    const found = await connection.search({
      ...{ base: entry.dn, scope: 'base', filter, attributes: ['1.1'], limit: 1 },
    })
    return found.length > 0
  }

  async function identityOf(entry: Entry, connection: Connection): Promise<OutsideIdentity> {
    const names = textsOf(entry, nameAttribute)
    const [address] = textsOf(entry, emailAttribute)
    return {
      ...{ provider: PROVIDER, issuer: issuerOf(options), subject: subjectOf(entry, idAttribute), names },
      // In many directories people write their own address.
      ...(address === undefined ? {} : { email: { address, isVerified: false } }),
      groups: await groupsOf({ entry, name: names[0] ?? '' }, { connection, options: groups, log }),
      claims: { dn: entry.dn },
      authenticatedAt: now(),
      methods: ['pwd'],
    }
  }

  return {
    isDisabled,
    identityOf,
    /** At most two: a second one makes the name ambiguous. */
    byName: (connection: Connection, name: string) =>
      connection.search({ ...common, filter: fillFilter(options.userFilter, { name }), limit: 2 }),
    /** The entry of the user whose password the server has just checked, so it cannot be somebody else's. */
    byBindName(connection: Connection, name: string) {
      const wanted = anybodyOf(options.userFilter)
      if (isDnTemplate(options.bindTemplate ?? '')) {
        return connection.search({ ...common, base: name, scope: 'base', filter: wanted, limit: 1 })
      }
      const filter = `(&${fillFilter('(userPrincipalName={name})', { name })}${wanted})`
      return connection.search({ ...common, filter, limit: 2 })
    },
    async verdictOf(entry: Entry, connection: Connection): Promise<DirectoryVerdict> {
      if (await isDisabled(entry, connection)) {
        return { kind: 'disabled', subject: subjectOf(entry, idAttribute) }
      }
      return { kind: 'right', identity: await identityOf(entry, connection) }
    },
    /** The users among `subjects` that the user filter still finds. */
    async among(connection: Connection, subjects: readonly string[]) {
      const ids = anyOf(subjects.map((subject) => subjectFilter(idAttribute, subject)))
      const within = (filter: string) => new AndFilter({ filters: [FilterParser.parseString(filter), ids] })
      const entries = await connection.search({ ...common, filter: within(anybodyOf(options.userFilter)) })
      const filter = disabledNow()
      const off = filter ? await connection.search({ ...common, filter: within(filter) }) : []
      const disabled = new Set(off.map((entry) => subjectOf(entry, idAttribute)))
      const seen: (readonly [string, OutsideIdentity | 'disabled'])[] = []
      for (const entry of entries) {
        const subject = subjectOf(entry, idAttribute)
        seen.push([subject, disabled.has(subject) ? 'disabled' : await identityOf(entry, connection)])
      }
      return seen
    },
  }
}
