/** What ends when a provider or a directory says that somebody is gone. */
import type { RequestOrigin } from '../access/principal.ts'
import type { Clock } from '../base/clock.ts'
import type { ID } from '../base/id.ts'
import type { Change, Changes } from '../changes.ts'
import type { Authorization } from '../records/authorization.ts'
import type { LinkedIdentityStore, OutsideKey, SwitchableKind } from '../records/outside-identity.ts'

/**
 * Why: `signed-out` by a back-channel logout, `refresh-refused` by the provider, `not-allowed` by the rules any more, or
 * `gone` from the directory.
 */
export type EndReason = 'signed-out' | 'refresh-refused' | 'not-allowed' | 'gone'

/** When tokens are disabled beside the sessions: never, unless it was a mere sign-out, or always. */
export type TokensWhenGone = 'keep' | 'off-when-gone' | 'off'

export type WhoIsGone = { readonly identity: OutsideKey } | { readonly userID: ID }

/**
 * Ends all sessions of the user and, by the setting, disables the user's tokens; a person who may enables them
 * again. Returns the user; undefined if no user has this identity.
 */
export type EndOutside = (
  who: WhoIsGone,
  reason: EndReason,
  origin?: RequestOrigin,
) => Promise<ID | undefined>

/** In English, for notes about tokens and for the audit log. */
const WORDS: Readonly<Record<EndReason, string>> = {
  'signed-out': 'signed out at the provider',
  'refresh-refused': 'refused by the provider',
  'not-allowed': 'no longer let in by the rules',
  gone: 'gone from the directory',
}

export function createEndOutside(deps: {
  linkedIdentities: Pick<LinkedIdentityStore, 'find'>
  tokensWhenGone: TokensWhenGone
  changes: Changes
  now: Clock
}): EndOutside {
  const { tokensWhenGone, changes, now } = deps
  return async (who, reason, origin) => {
    const userID = 'userID' in who ? who.userID : (await deps.linkedIdentities.find(who.identity))?.userID
    if (userID === undefined) return undefined
    const isOff = tokensWhenGone === 'off' || (tokensWhenGone === 'off-when-gone' && reason !== 'signed-out')
    await changes(async (change) => {
      const by = { origin, actor: { userName: `the provider (${WORDS[reason]})` } }
      await change.endsSessionsOf(userID, by)
      if (isOff) await switchOffTokens(change, userID, { at: now(), reason: WORDS[reason], by })
    })
    return userID
  }
}

type By = Parameters<Change['endsSessionsOf']>[1]

/** Within a change, disables a user's tokens, 1.x authorizations and application passwords, and notes each. */
export async function switchOffTokens(
  change: Change,
  userID: ID,
  {
    at,
    reason,
    by,
    only,
  }: {
    at: number
    reason: string
    by: By
    /** Chooses tokens by their permissions; without it, all tokens and application passwords are disabled. */
    only?: (token: Pick<Authorization, 'permissions'>) => boolean
  },
): Promise<number> {
  const updatedAt = new Date(at).toISOString()
  let count = 0
  const isKept = (token: Pick<Authorization, 'status' | 'permissions'>) =>
    token.status !== 'active' || (only !== undefined && !only(token))
  async function note(id: ID, kind: SwitchableKind): Promise<void> {
    count += 1
    await change.switchedOffTokens.add({ id, kind, userID, at, reason })
  }
  async function noteToken(
    kind: 'authorization' | 'legacy-authorization',
    { id, orgID, name }: { readonly id: ID; readonly orgID: ID; readonly name: string },
  ): Promise<void> {
    await note(id, kind)
    change.records({ event: `${kind}.switch-off`, target: { type: kind, id, name, orgID, userID }, ...by })
  }
  for (const token of await change.authorizations.list({ userID })) {
    if (isKept(token)) continue
    await change.authorizations.update({ ...token, status: 'inactive', updatedAt })
    await noteToken('authorization', { ...token, name: token.description })
  }
  for (const token of await change.legacyAuthorizations.list({ userID })) {
    if (isKept(token)) continue
    await change.legacyAuthorizations.update({ ...token, status: 'inactive', updatedAt })
    await noteToken('legacy-authorization', token)
  }
  for (const { id } of only ? [] : await change.applicationPasswords.ofUser(userID)) {
    if (!(await change.switchedOffTokens.has(id))) await note(id, 'application-password')
  }
  if (count > 0) change.affects(userID)
  return count
}
