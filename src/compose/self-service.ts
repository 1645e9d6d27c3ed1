/** Passwords, and how people get in by themselves: invitations, links and e-mail addresses. */
import type { Freshness } from '../domain/access/recent-sign-in.ts'
import type { AuditTrail } from '../domain/audit/audit-trail.ts'
import type { Clock } from '../domain/base/clock.ts'
import type { IDGenerator } from '../domain/base/id.ts'
import type { Log } from '../domain/base/log.ts'
import type { Changes } from '../domain/changes.ts'
import type { GuessGuard } from '../domain/guessing/guess-guard.ts'
import type { Mirror } from '../domain/mirror/mirror.ts'
import { createPasswords } from '../domain/password-changes/password-changes.ts'
import type { GuardedCheck } from '../domain/passwords/guarded-check.ts'
import type { PasswordHasher } from '../domain/passwords/password-hasher.ts'
import type { PasswordPolicy } from '../domain/passwords/password-policy.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import { createDescribeLink } from '../domain/self-service/describe-link.ts'
import { createInvitations, type InvitationRule } from '../domain/self-service/invitations.ts'
import { createMailLimits } from '../domain/self-service/mail-limits.ts'
import {
  type CountLink,
  createOneTimeLinks,
  type LinkAddress,
} from '../domain/self-service/one-time-links.ts'
import { type CountMail, createOutbox, type Mailer } from '../domain/self-service/outbox.ts'
import { createPasswordLinks } from '../domain/self-service/password-links.ts'
import { createUserEmails } from '../domain/self-service/user-emails.ts'
import type { SessionBackend } from './session-backend.ts'

export interface SelfServiceSettings {
  readonly selfService: {
    readonly invitations: InvitationRule
    readonly invitationLengthMs: number
    readonly passwordLinkLengthMs: number
    readonly linkAddress: LinkAddress
    /** Undefined if the settings name no mail server. */
    readonly mailer: Mailer | undefined
    readonly countLink: CountLink
    readonly countMail: CountMail
  }
}

export function composePasswords(parts: {
  store: IdentityStore
  backend: Pick<SessionBackend, 'counters'>
  guard: GuessGuard
  rightPassword: GuardedCheck
  hasher: PasswordHasher
  policy: PasswordPolicy
  audit: AuditTrail
  freshness: Freshness
  changes: Changes
  mirror: Mirror
  ids: IDGenerator
  now: Clock
  log: Log
  options: SelfServiceSettings
}) {
  const { store, backend, log, options, ...common } = parts
  const { selfService } = options
  const limits = createMailLimits({ counters: backend.counters, now: common.now })
  const outbox = createOutbox({ ...selfService, limits, log })
  const links = createOneTimeLinks({ ...selfService, ...store, ...common })
  const shared = { ...store, ...common, ...selfService, links, outbox, limits }
  return {
    passwords: createPasswords({ ...store, ...common }),
    describeLink: createDescribeLink({ ...store, links }),
    invitations: createInvitations({
      ...{ ...shared, rule: selfService.invitations, lengthMs: selfService.invitationLengthMs },
    }),
    passwordLinks: createPasswordLinks({ ...shared, lengthMs: selfService.passwordLinkLengthMs }),
    userEmails: createUserEmails(shared),
    outbox,
  }
}
