/**
 * Every kind of audit event, with its sentence. The command line and the console, which bundles this file, use the
 * same sentences. It imports only types.
 */
import type { SpokenEvent } from './audit-sentence.ts'

/** Text in which `{actor}`, `{target}`, `{user}` and `{org}` stand for names; by the event if it depends on it. */
export type Phrase = string | ((event: SpokenEvent) => string)

export interface AuditKindTexts {
  /** The name of this kind in filters. */
  readonly label: string
  /** The sentence for an act that succeeded. */
  readonly done: Phrase
  /** The middle of the sentence for an act that was refused, after "ada tried to" and before "and was refused". */
  readonly trying: Phrase
  /** The whole sentence for a refusal that cannot be put that way. */
  readonly refused?: Phrase
  readonly throttled?: Phrase
  readonly expired?: Phrase
  readonly failed?: Phrase
}

/** Whether the event concerns the user who acted. */
function isOwn({ actor, target }: SpokenEvent): boolean {
  const concerned = target.type === 'user' ? target.id : target.userID
  return actor.userID !== undefined && actor.userID === concerned
}

const place = ({ target }: SpokenEvent) => (target.type === 'bucket' ? 'the bucket {target}' : '{target}')
/** Names the token, and its owner if somebody else acted. */
const token = (event: SpokenEvent) => `the token {target}${isOwn(event) ? '' : ' of {user}'}`

function joining(role: 'member' | 'owner'): AuditKindTexts {
  return {
    label: role === 'owner' ? 'Owner added' : 'Member added',
    done: (event) =>
      event.target.type === 'instance'
        ? `{actor} made {user} ${role === 'owner' ? 'an operator' : 'a member of the instance'}`
        : `{actor} added {user} to ${place(event)} as ${role}`,
    trying: (event) => `add {user} to ${place(event)} as ${role}`,
  }
}

function leaving(role: 'member' | 'owner'): AuditKindTexts {
  return {
    label: role === 'owner' ? 'Owner removed' : 'Member removed',
    done: (event) =>
      event.target.type === 'instance'
        ? `{actor} took the role of ${role === 'owner' ? 'operator' : 'member'} from {user}`
        : `{actor} removed the ${role} {user} from ${place(event)}`,
    trying: (event) => `remove the ${role} {user} from ${place(event)}`,
  }
}

/** Sentences such as "created the bucket x in y", for records that are created, changed and deleted. */
function record(noun: string, what: Phrase) {
  const of = (event: SpokenEvent) => (typeof what === 'string' ? what : what(event))
  const kind = (verb: string): AuditKindTexts => ({
    label: `${noun} ${verb}d`,
    done: (event) => `{actor} ${verb}d ${of(event)}`,
    trying: (event) => `${verb} ${of(event)}`,
  })
  return {
    created: kind('create'),
    changed: kind('change'),
    deleted: kind('delete'),
    rotated: kind('rotate'),
  }
}

const user = record('User', 'the user {target}')
const organization = record('Organization', 'the organization {target}')
const bucket = record('Bucket', 'the bucket {target} in {org}')
const authorization = record('Token', token)
const legacy = record('1.x authorization', 'the 1.x authorization {target}')

const signingIn = (was: string) => (event: SpokenEvent) => {
  if (event.target.type === 'identity') return `A sign-in through {target} was ${was}`
  return event.target.id ? `Sign-in as {target} was ${was}` : `A sign-in was ${was}`
}

/** Names what was queried: a database of the 1.x API, or the organization, whose buckets the statement names. */
const queried = ({ target }: SpokenEvent) =>
  target.type === 'database' ? 'the database {target} in {org}' : 'data in {org}'
/** Names what was written to; of a failed write the database is not recorded. */
function written({ target: { type } }: SpokenEvent): string {
  if (type === 'bucket' || type === 'database') return `the ${type} {target} in {org}`
  return type === 'organization' ? '{org}' : 'further buckets'
}

/** The name that was chosen for who is invited. */
const invited = ({ target }: SpokenEvent) => (target.name ? '{target}' : 'somebody')
const ofUser = (event: SpokenEvent) => (isOwn(event) ? 'of their own' : 'of {target}')

export const AUDIT_KINDS = {
  signin: {
    label: 'Sign-in',
    done: ({ target }) =>
      `{actor} signed in${target.type === 'session' && target.name ? ` through ${target.name}` : ''}`,
    trying: 'sign in',
    refused: signingIn('refused'),
    throttled: signingIn('throttled'),
  },
  signout: { label: 'Sign-out', done: '{actor} signed out', trying: 'sign out' },
  'session.end': {
    label: 'Session ended',
    done: (event) => {
      if (event.target.type === 'instance') return `{actor} ended everybody's sessions`
      if (event.target.type === 'user') {
        return isOwn(event) ? '{actor} ended their other sessions' : '{actor} ended all sessions of {target}'
      }
      return isOwn(event) ? '{actor} ended one of their sessions' : '{actor} ended a session of {user}'
    },
    trying: 'end a session',
    expired: ({ target }) => (target.userID ? 'A session of {user} expired' : 'A session expired'),
  },
  access: {
    label: 'Access',
    done: '{actor} was allowed to {target}',
    trying: ({ target }) => `{target}${target.orgID ? ' in {org}' : ''}`,
  },
  setup: {
    label: 'Set up',
    done: '{actor} set up this server with the organization {org}',
    trying: 'set up this server',
  },
  import: {
    label: 'Import',
    done: '{actor} imported {target} from InfluxDB',
    trying: 'import records from InfluxDB',
  },
  'user.create': {
    ...user.created,
    done: (event) => (isOwn(event) ? '{actor} became a user' : '{actor} created the user {target}'),
  },
  'user.update': user.changed,
  'user.delete': user.deleted,
  'throttled.release': {
    label: 'Throttling released',
    done: ({ target }) => {
      if (target.type === 'user') return '{actor} released {target}, who was throttled'
      if (target.userID) return '{actor} released {user}, who was throttled at {target}'
      return '{actor} released the throttled address {target}'
    },
    trying: 'release a throttled user or address',
  },
  'password.change': {
    label: 'Password change',
    done: (event) =>
      isOwn(event) ? '{actor} changed their password' : '{actor} changed the password of {target}',
    trying: (event) => {
      if (isOwn(event)) return 'change their password'
      return event.target.id ? 'change the password of {target}' : 'change a password'
    },
  },
  'password.reset': {
    label: 'Password reset',
    done: '{actor} reset the password of {target}',
    trying: 'reset the password of {target}',
  },
  'password.link': {
    label: 'Password link made',
    done: '{actor} made a link to set a new password for {target}',
    trying: 'make a link to set a new password for {target}',
  },
  'password.forgot': {
    label: 'Password link asked for',
    done: 'A link to set a new password was mailed to {target}',
    trying: 'ask for a link to set a new password',
  },
  'password.recover': {
    label: 'Password set by link',
    done: '{actor} set a new password by a link',
    trying: 'set a new password by a link',
  },
  'link.open': {
    label: 'Link opened',
    done: '{actor} opened a link',
    trying: 'open a link',
    refused: 'A link that does not work was opened',
  },
  'invitation.create': {
    label: 'Invitation',
    done: (event) => `{actor} invited ${invited(event)} to {org}`,
    trying: (event) => `invite ${invited(event)} to {org}`,
  },
  'invitation.revoke': {
    label: 'Invitation revoked',
    done: (event) => `{actor} revoked the invitation of ${invited(event)} to {org}`,
    trying: (event) => `revoke the invitation of ${invited(event)} to {org}`,
  },
  'invitation.accept': {
    label: 'Invitation accepted',
    done: '{actor} accepted an invitation to {org}',
    trying: 'accept an invitation',
  },
  'email.set': {
    label: 'E-mail address entered',
    done: (event) => `{actor} entered an e-mail address ${ofUser(event)}, to be verified`,
    trying: 'enter an e-mail address',
  },
  'email.verify': {
    label: 'E-mail address verified',
    done: '{actor} verified their e-mail address',
    trying: 'verify an e-mail address',
  },
  'email.remove': {
    label: 'E-mail address removed',
    done: (event) => `{actor} removed the e-mail address ${ofUser(event)}`,
    trying: 'remove an e-mail address',
  },
  'factor.add': {
    label: 'Second factor added',
    done: '{actor} added the second factor {target}',
    trying: 'add a second factor',
  },
  'factor.update': {
    label: 'Second factor renamed',
    done: '{actor} renamed a second factor to {target}',
    trying: 'rename a second factor',
  },
  'factor.remove': {
    label: 'Second factor removed',
    done: '{actor} removed the second factor {target}',
    trying: 'remove a second factor',
  },
  'factor.copied': {
    label: 'Copied passkey',
    done: '{actor} used {target}, which seems to be copied',
    trying: 'sign in with {target}, which seems to be copied,',
  },
  'factor.reset': {
    label: 'Second factors reset',
    done: '{actor} removed all second factors of {target}',
    trying: 'remove all second factors of {target}',
  },
  'factor.policy': {
    label: 'Second factor policy changed',
    done: '{actor} changed who must have a second factor in {target}',
    trying: 'change who must have a second factor in {target}',
  },
  'recovery-codes.create': {
    label: 'Recovery codes made',
    done: '{actor} made new recovery codes',
    trying: 'make new recovery codes',
  },
  'recovery-code.use': {
    label: 'Recovery code used',
    done: '{actor} signed in with a recovery code',
    trying: 'sign in with a recovery code',
  },
  'application-password.create': {
    label: 'Application password created',
    done: '{actor} created the application password {target}',
    trying: 'create an application password',
  },
  'application-password.delete': {
    label: 'Application password deleted',
    done: '{actor} deleted the application password {target}',
    trying: 'delete an application password',
  },
  'command-line.approve': {
    label: 'Command line approved',
    done: '{actor} let the command line on {target} sign in as them',
    trying: 'let a command line sign in',
  },
  'command-line.deny': {
    label: 'Command line refused',
    done: '{actor} refused to let the command line on {target} sign in as them',
    trying: 'refuse a command line',
  },
  'command-line.token': {
    label: 'Command line signed in',
    done: '{actor} signed in on the command line',
    trying: 'sign in on the command line',
    refused: 'A command line was refused a token',
  },
  'identity.link': {
    label: 'Identity linked',
    done: (event) =>
      isOwn(event)
        ? '{actor} linked an identity of {target}'
        : '{actor} linked an identity of {target} to {user}',
    trying: 'link an identity',
  },
  'identity.unlink': {
    label: 'Identity unlinked',
    done: (event) =>
      isOwn(event)
        ? '{actor} unlinked an identity of {target}'
        : '{actor} unlinked an identity of {target} from {user}',
    trying: 'unlink an identity',
  },
  'authorization.switch-off': {
    label: 'Token disabled',
    done: '{actor} disabled the token {target} of {user}',
    trying: 'disable the token {target} of {user}',
  },
  'authorization.switch-on': {
    label: 'Token enabled',
    done: '{actor} enabled the token {target} of {user}',
    trying: 'enable the token {target} of {user}',
  },
  'legacy-authorization.switch-off': {
    label: '1.x authorization disabled',
    done: '{actor} disabled the 1.x authorization {target} of {user}',
    trying: 'disable the 1.x authorization {target} of {user}',
  },
  'legacy-authorization.switch-on': {
    label: '1.x authorization enabled',
    done: '{actor} enabled the 1.x authorization {target} of {user}',
    trying: 'enable the 1.x authorization {target} of {user}',
  },
  'external-token.use': {
    label: 'External token used',
    done: '{actor} came with a new token of {target}',
    trying: 'use a token of {target}',
    refused: ({ actor }) =>
      actor.userName
        ? 'A token of {target} for {actor} was refused: no rule is about it'
        : 'A token of {target} was refused',
  },
  'member.add': joining('member'),
  'member.remove': leaving('member'),
  'owner.add': joining('owner'),
  'owner.remove': leaving('owner'),
  'organization.create': organization.created,
  'organization.update': organization.changed,
  'organization.delete': organization.deleted,
  'bucket.create': bucket.created,
  'bucket.update': bucket.changed,
  'bucket.delete': bucket.deleted,
  'authorization.create': authorization.created,
  'authorization.update': authorization.changed,
  'authorization.rotate': authorization.rotated,
  'authorization.delete': authorization.deleted,
  'legacy-authorization.create': legacy.created,
  'legacy-authorization.update': legacy.changed,
  'legacy-authorization.delete': legacy.deleted,
  'legacy-authorization.password': {
    label: '1.x password change',
    done: '{actor} set the password of the 1.x authorization {target}',
    trying: 'set the password of the 1.x authorization {target}',
  },
  'data.query': {
    label: 'Query',
    done: (event) => `{actor} queried ${queried(event)}`,
    trying: (event) => `query ${queried(event)}`,
    failed: (event) => `A query of ${queried(event)} by {actor} failed`,
  },
  'data.delete': {
    label: 'Data deleted',
    done: '{actor} deleted data from the bucket {target} in {org}',
    trying: 'delete data from the bucket {target} in {org}',
    failed: 'A deletion of data from the bucket {target} in {org} by {actor} failed',
  },
  'data.write': {
    label: 'Data written',
    done: (event) => `Data was written to ${written(event)}`,
    trying: (event) => `write data to ${written(event)}`,
    refused: (event) => `A write to ${written(event)} was refused`,
    throttled: (event) => `A write to ${written(event)} was throttled`,
    failed: (event) => `A write to ${written(event)} failed`,
  },
} satisfies Record<string, AuditKindTexts>

/** An event without a sentence fails the type check. */
export type AuditKind = keyof typeof AUDIT_KINDS
