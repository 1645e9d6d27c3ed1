/** Sessions: how they start, what they permit, and how they end. */
import type { Principals } from '../domain/access/principals.ts'
import type { Freshness } from '../domain/access/recent-sign-in.ts'
import type { Clock } from '../domain/base/clock.ts'
import type { IDGenerator } from '../domain/base/id.ts'
import type { Log } from '../domain/base/log.ts'
import type { Changes } from '../domain/changes.ts'
import type { Mirror } from '../domain/mirror/mirror.ts'
import type { PasswordHasher } from '../domain/passwords/password-hasher.ts'
import type { PasswordPolicy } from '../domain/passwords/password-policy.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { SessionStore } from '../domain/records/session.ts'
import type { Seal } from '../domain/second-factors/seal.ts'
import { createListAllSessions } from '../domain/sessions/all-sessions.ts'
import { createWithLiveKey } from '../domain/sessions/live-key.ts'
import type { SessionTerms } from '../domain/sessions/session-terms.ts'
import { createSessions } from '../domain/sessions/sessions.ts'
import { createSignOuts } from '../domain/sessions/sign-outs.ts'
import { createStartSession } from '../domain/sign-in/start-session.ts'
import type { UserSearch } from '../domain/users/user-search.ts'
import type { AuditParts } from './audit.ts'
import { composeCommandLine } from './command-line.ts'
import type { composeGuessing } from './guessing.ts'
import { composeSignIn } from './sign-in.ts'
import type { SignInOptions } from './sign-in-options.ts'
import { composeSingleSignOn } from './single-sign-on.ts'

export function composeSessions(parts: {
  store: IdentityStore
  sessionStore: SessionStore
  terms: SessionTerms
  principals: Principals
  changes: Changes
  mirror: Mirror
  ids: IDGenerator
  freshness: Freshness
  audit: AuditParts
  hasher: PasswordHasher
  policy: PasswordPolicy
  guessing: Omit<ReturnType<typeof composeGuessing>, 'rightPassword'>
  seal: Seal
  options: SignInOptions & { readonly maxTokenLengthMs: number | undefined }
  backend: Parameters<typeof composeCommandLine>[0]['backend']
  userSearch: UserSearch
  now: Clock
  log: Log
}) {
  const { store, sessionStore, terms, principals, changes, now, log, options, guessing } = parts
  const { trail, expiredUnpersisted, onExpired } = parts.audit
  const signOuts = createSignOuts({ changes, terms, now, log })
  const startSession = createStartSession({
    ...{ sessionStore, terms, changes, now },
    ...{ known: guessing.known, limit: options.sessionLimit, knownIssuers: options.knownIssuers },
  })
  const signIns = composeSignIn({
    ...{ ...parts, ...guessing, startSession, trail },
    byDirectory: (identity, request) => singleSignOn.signInOutside(guessing.requestOf(identity, request)),
  })
  const singleSignOn = composeSingleSignOn({ ...parts, ...signIns, startSession, trail })
  const sessions = createSessions({
    ...{ ...store, store: sessionStore, signOuts, principals, changes },
    ...{ freshness: parts.freshness, terms, now, onExpired, expiredUnpersisted },
  })
  return {
    signOuts,
    startSession,
    sessions,
    ...composeCommandLine({ ...parts, sessions, guard: guessing.guard, audit: trail }),
    listAllSessions: createListAllSessions({
      ...{ ...store, store: sessionStore, userSearch: parts.userSearch, now },
    }),
    withLiveKey: createWithLiveKey({ ...store, store: sessionStore, now }),
    ...signIns,
    ...singleSignOn,
  }
}
