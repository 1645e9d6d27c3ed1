/** Signing in on the command line: what the settings say about it, and its services. */
import type { Settings } from '../config/settings.ts'
import type { Freshness } from '../domain/access/recent-sign-in.ts'
import type { AuditTrail } from '../domain/audit/audit-trail.ts'
import type { Clock } from '../domain/base/clock.ts'
import type { IDGenerator } from '../domain/base/id.ts'
import type { Changes } from '../domain/changes.ts'
import { createAskedLogins } from '../domain/command-line/asked-login.ts'
import { createCommandLineLogins } from '../domain/command-line/command-line-logins.ts'
import type { CountLogin } from '../domain/command-line/count-login.ts'
import { createLoginLimit } from '../domain/command-line/login-limit.ts'
import { createRightsOfLogins } from '../domain/command-line/login-rights.ts'
import { createEndOwnToken, createIssueToken } from '../domain/command-line/login-token.ts'
import type { GuessGuard } from '../domain/guessing/guess-guard.ts'
import type { IdentityStore } from '../domain/records/identity-store.ts'
import type { Seal } from '../domain/second-factors/seal.ts'
import type { Sessions } from '../domain/sessions/sessions.ts'
import type { SessionBackend } from './session-backend.ts'

export interface CommandLineSettings {
  readonly commandLine: {
    /** How long its tokens last; 0 if the command line gets none. */
    readonly lengthMs: number
    readonly countLogin: CountLogin
  }
}

export function commandLineOptions(
  { commandLineTokenLength, uiDisabled }: Pick<Settings, 'commandLineTokenLength' | 'uiDisabled'>,
  { countLogin }: Pick<CommandLineSettings['commandLine'], 'countLogin'>,
): CommandLineSettings {
  // Without the console there is no page on which a person could approve it.
  return { commandLine: { lengthMs: uiDisabled ? 0 : commandLineTokenLength, countLogin } }
}

export function composeCommandLine(parts: {
  store: IdentityStore
  backend: Pick<SessionBackend, 'counters' | 'once' | 'deviceLogins'>
  options: CommandLineSettings & { readonly maxTokenLengthMs: number | undefined }
  sessions: Pick<Sessions, 'ofHash'>
  audit: Pick<AuditTrail, 'refuse'>
  guard: Pick<GuessGuard, 'attemptCode'>
  seal: Seal
  freshness: Freshness
  changes: Changes
  ids: IDGenerator
  now: Clock
}) {
  const { store, backend, options, ...common } = parts
  const { countLogin } = options.commandLine
  const lengthMs = Math.min(
    options.commandLine.lengthMs,
    options.maxTokenLengthMs ?? Number.POSITIVE_INFINITY,
  )
  const rights = createRightsOfLogins(store)
  return {
    commandLineLogins: createCommandLineLogins({
      ...{ ...common, ...backend, rights, count: countLogin, lengthMs },
      asked: createAskedLogins({ ...common, ...backend }),
      issueToken: createIssueToken({ ...common, rights, lengthMs }),
      limit: createLoginLimit({ ...common, ...backend }),
    }),
    endOwnToken: createEndOwnToken(common),
  }
}
