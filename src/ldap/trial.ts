/** Tries a directory step by step, for the person who sets it up: which step works, and what to change if one does not. */
import type { Entry } from 'ldapts'
import type { Clock } from '../domain/base/clock.ts'
import type { Log } from '../domain/base/log.ts'
import type { TrialStep } from '../domain/base/trial-step.ts'
import type { OutsideIdentity } from '../domain/records/outside-identity.ts'
import { type Connection, openConnection } from './connection.ts'
import { createReader, type LdapReader } from './directory.ts'
import { subjectOf, textsOf } from './entries.ts'
import { type DirectoryError, directoryErrorOf, type Problem, resultCodeOf } from './failure.ts'
import { bindNameOf } from './names.ts'
import type { LdapOptions } from './options.ts'
import { isActiveDirectory, requireRule } from './root-dse.ts'
import { signIn } from './servers.ts'

export interface Trial {
  readonly options: LdapOptions
  /** Whose sign-in is tried. */
  readonly name: string
  /** Undefined to leave the password out. */
  readonly password: string | undefined
  /** What the rules of this server make of somebody, one sentence each. */
  readonly judge: (identity: OutsideIdentity) => readonly TrialStep[]
  readonly say: (step: TrialStep) => void
  readonly now: Clock
}

/** What to do about a problem. */
const ADVICE: Readonly<Record<Problem, string>> = {
  unreachable: 'check host and port in ldap-urls, and firewalls',
  timeout:
    'check host and port in ldap-urls, firewalls, and ldap-timeout; port 636 is ldaps://, 389 is ldap://',
  tls: 'set ldap-ca-file to the authority of the certificate, and write the host in ldap-urls as the certificate does',
  closed: 'check that ldap-urls has ldaps:// for a port with TLS and ldap:// for one without',
  busy: 'try again later',
  referral:
    'name the server that has the entries in ldap-urls; for a whole forest the global catalog, port 3269',
  'service-account': 'check ldap-bind-dn and its password',
  base: 'check ldap-base-dn and ldap-group-base-dn, and that ldap-bind-dn may read there',
  misconfigured: 'change the setting that it names',
  refused: 'check that ldap-bind-dn may search, and the limits of the server',
}

/** Whether every step worked. Says each as it goes. */
export async function tryDirectory(wanted: Trial): Promise<boolean> {
  let isRight = true
  const say: Trial['say'] = (step) => {
    isRight &&= step.outcome !== 'failed'
    wanted.say(step)
  }
  const trial = { ...wanted, say }
  const { options } = trial
  const fail = (about: string) => say({ outcome: 'failed', about })
  const step = async <T>(about: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work()
    } catch (error) {
      const failure = directoryErrorOf(error)
      fail(`${about}: ${causeOf(failure)}; ${ADVICE[failure.problem]}`)
      return undefined
    }
  }

  let working: Connection | undefined
  for (const url of options.urls) {
    const connection = await step(url, () => tryServer(url, trial))
    if (connection && working) connection.close()
    else working ??= connection
  }
  if (!working) return false
  const connection = working
  const reader = createReader(options, { now: trial.now, log: SILENT })
  try {
    const found = await step(`search for ${trial.name}`, () => tryEntry(trial, connection, reader, fail))
    // Without an account that searches, a sign-in reads the groups as the user.
    const asking = options.bindDn === undefined && found?.own ? found.own : connection
    if (found) await step('groups', () => tryIdentity(trial, asking, reader, found.entry))
    found?.own?.close()
  } finally {
    connection.close()
  }
  return isRight
}

async function tryServer(url: string, { options, say }: Trial): Promise<Connection> {
  const connection = await openConnection(url, options)
  try {
    const { certificate } = connection
    const tls = certificate
      ? `its certificate is of ${certificate.subject || 'an unnamed server'}, valid until ${certificate.validUntil}`
      : 'without TLS'
    say({ outcome: 'ok', about: `${url} answers, ${tls}` })
    await signIn(connection, options)
    const who = options.bindDn === undefined ? 'searches are anonymous' : `${options.bindDn} is signed in`
    const kind = (await isActiveDirectory(connection))
      ? 'it is an Active Directory'
      : 'it is no Active Directory'
    say({ outcome: 'ok', about: `${who}; ${kind}` })
    await requireRule(connection, options)
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

interface Found {
  readonly entry: Entry
  /** Signed in as the user, if the password is right. */
  readonly own: Connection | undefined
}

/** The entry of the name, and whether the password is right if one was given. */
async function tryEntry(
  { options, name, password, say }: Trial,
  connection: Connection,
  reader: LdapReader,
  fail: (about: string) => void,
): Promise<Found | undefined> {
  const { bindTemplate, userFilter, baseDn } = options
  let bindName = bindTemplate === undefined ? undefined : bindNameOf(bindTemplate, name)
  let entry: Entry | undefined
  if (bindTemplate === undefined) {
    const found = await reader.byName(connection, name)
    if (found.length !== 1) {
      const what = found.length === 0 ? 'no entry has this name' : 'several entries have this name'
      fail(`${what} below ${baseDn} by ${userFilter}; check ldap-base-dn and ldap-user-filter`)
      return undefined
    }
    entry = found[0]
    bindName = entry?.dn
    say({ outcome: 'ok', about: `${name} is ${bindName}` })
  }
  const without = entry && { entry, own: undefined }
  if (bindName === undefined) {
    fail(`${name} cannot stand in ldap-bind-template: it must be a name alone, without a domain`)
    return undefined
  }
  if (password === undefined) {
    say({ outcome: 'ok', about: 'no password was given, so none is tried' })
    return without
  }
  if (password === '') {
    fail(
      'the password is empty; an empty one is never sent, since directories take it for an anonymous sign-in',
    )
    return without
  }
  const own = await openConnection(connection.url, options)
  try {
    await own.bind(bindName, password)
    say({ outcome: 'ok', about: `the password of ${bindName} is right` })
    entry ??= (await reader.byBindName(own, bindName))[0]
    if (entry) return { entry, own }
    fail(`${bindName} may not read its own entry, or ldap-user-filter does not find it`)
  } catch (error) {
    if (resultCodeOf(error) === undefined) {
      own.close()
      throw error
    }
    fail(`the directory refuses the password of ${bindName}: ${(error as Error).message}`)
  }
  own.close()
  return without
}

async function tryIdentity(
  { options, judge, say }: Trial,
  connection: Connection,
  reader: LdapReader,
  entry: Entry,
): Promise<void> {
  const { idAttribute, nameAttribute } = options
  say({ outcome: 'ok', about: `${idAttribute} is ${subjectOf(entry, idAttribute)}` })
  const [name] = textsOf(entry, nameAttribute)
  if (name === undefined) {
    say({ outcome: 'failed', about: `the entry has no ${nameAttribute}; check ldap-name-attribute` })
  } else {
    say({ outcome: 'ok', about: `a new user would be named ${name}` })
  }
  if (await reader.isDisabled(entry, connection)) {
    say({ outcome: 'failed', about: 'ldap-disabled-filter says that the entry is disabled' })
  }
  const identity = await reader.identityOf(entry, connection)
  const groups = identity.groups.filter((each) => each.includes('='))
  say({ outcome: 'ok', about: groups.length === 0 ? 'in no groups' : `in ${groups.join('; ')}` })
  for (const each of judge(identity)) say(each)
}

const causeOf = ({ message, problem }: DirectoryError): string => message || problem

const SILENT: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }
