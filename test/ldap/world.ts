/** A small company in a real OpenLDAP, with TLS by an authority made for the test. */
import { readFileSync } from 'node:fs'
import { missingEngines } from '../../scripts/engines/install.ts'
import { ROOT_DN, ROOT_PASSWORD, type Slapd, SUFFIX, startSlapd } from '../../scripts/engines/slapd.ts'
import { createLdapDirectory } from '../../src/ldap/directory.ts'
import type { GroupOptions, LdapOptions } from '../../src/ldap/options.ts'
import { type Certificate, withoutOpenssl, writeAuthority, writeSigned } from '../support/certificate.ts'
import { temporaryFolder } from '../support/folder.ts'

export { ROOT_DN, ROOT_PASSWORD, SUFFIX }

/** Why tests that need OpenLDAP are skipped, or false. In CI none is skipped. */
export const withoutSlapd: string | false =
  process.env.CI !== 'true' && missingEngines(['slapd']).length > 0 ? 'slapd is missing' : withoutOpenssl

export const SEARCHER_DN = `cn=searcher,${SUFFIX}`
export const SEARCHER_PASSWORD = 'password of the searcher'
export const ADMINS = `cn=Influx-Admins,ou=groups,${SUFFIX}`
export const PEOPLE = `ou=people,${SUFFIX}`

export const passwordOf = (uid: string) => `password of ${uid}`

export function personLdif(uid: string, lines: readonly string[] = []): string {
  return [
    `dn: uid=${uid},${PEOPLE}`,
    'objectClass: inetOrgPerson',
    `uid: ${uid}`,
    `cn: ${uid}`,
    `sn: ${uid}`,
    `mail: ${uid}@corp.test`,
    `userPassword: ${passwordOf(uid)}`,
    ...lines,
    '',
    '',
  ].join('\n')
}

export function groupLdif(name: string, members: readonly string[]): string {
  const dn = `cn=${name},ou=groups,${SUFFIX}`
  // groupOfNames asks for one member at least.
  const all = members.length > 0 ? members : ['cn=nobody']
  return `dn: ${dn}\nobjectClass: groupOfNames\ncn: ${name}\n${all.map((each) => `member: ${each}`).join('\n')}\n\n`
}

export const dnOf = (uid: string) => `uid=${uid},${PEOPLE}`
export const groupDn = (name: string) => `cn=${name},ou=groups,${SUFFIX}`

const BASE = `dn: ${SUFFIX}
objectClass: dcObject
objectClass: organization
dc: corp
o: corp

dn: ${PEOPLE}
objectClass: organizationalUnit
ou: people

dn: ou=groups,${SUFFIX}
objectClass: organizationalUnit
ou: groups

dn: ${SEARCHER_DN}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: searcher
userPassword: ${SEARCHER_PASSWORD}

`

/** Alice is an admin, through a nested group a member of `all`; the groups of the circle contain each other. */
export const COMPANY = [
  BASE,
  personLdif('alice'),
  personLdif('bob', ['description: off']),
  personLdif('carol'),
  groupLdif('Influx-Admins', [dnOf('alice')]),
  groupLdif('team', [groupDn('Influx-Admins'), dnOf('carol')]),
  groupLdif('all', [groupDn('team')]),
  groupLdif('circle-1', [groupDn('circle-2'), dnOf('carol')]),
  groupLdif('circle-2', [groupDn('circle-1')]),
].join('')

/** Members may read neither groups nor each other; without signing in no entry is found. */
export const ACCESS = [
  'access to attrs=userPassword by anonymous auth by * none',
  `access to * by dn.exact="${SEARCHER_DN}" read by self read by * none`,
]

export interface Tls {
  readonly authority: Certificate
  readonly certificate: Certificate
  /** PEM. */
  readonly ca: string
  readonly caFile: string
}

/** A certificate for 127.0.0.1, by default, of a new authority. */
export function createTls(subject = 'IP:127.0.0.1'): Tls {
  const folder = temporaryFolder()
  const authority = writeAuthority(folder, 'authority')
  const certificate = writeSigned(authority, folder, { name: 'directory', subject })
  return { authority, certificate, ca: readFileSync(authority.cert, 'utf8'), caFile: authority.cert }
}

export function startCompany(
  tls: Tls,
  { ldif = COMPANY, lines = [], databaseLines = ACCESS }: Partial<Parameters<typeof startSlapd>[0]> = {},
): Promise<Slapd> {
  const { cert, key } = tls.certificate
  return startSlapd({ ldif, lines, databaseLines, certificate: { cert, key, ca: tls.authority.cert } })
}

export const GROUPS: GroupOptions = {
  ...{ from: 'search', attribute: 'memberOf', baseDn: SUFFIX, filter: '(member={dn})', nested: 'none' },
}

export interface LogLine {
  readonly level: string
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

/** A client of a directory as the settings make it, and what it logs. */
export function clientOf(
  urls: readonly string[],
  tls: Tls,
  more: Partial<LdapOptions> = {},
  now: () => number = Date.now,
) {
  const lines: LogLine[] = []
  const at =
    (level: string) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
      lines.push({ level, message, fields })
    }
  const options: LdapOptions = {
    ...{ urls, startTls: true, ca: tls.ca, timeoutMs: 2000 },
    ...{ bindDn: SEARCHER_DN, bindPassword: () => SEARCHER_PASSWORD, baseDn: SUFFIX },
    ...{ userFilter: '(uid={name})', bindTemplate: undefined, disabledFilter: undefined },
    ...{ nameAttribute: 'uid', idAttribute: 'entryUUID', emailAttribute: 'mail', groups: GROUPS },
    ...more,
  }
  const log = { info: at('info'), warn: at('warn'), error: at('error') }
  return { directory: createLdapDirectory(options, { now, log }), lines, options }
}
