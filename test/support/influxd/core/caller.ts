/** Who asks: a token or a session, and what they may do. */
import type { IncomingHttpHeaders } from 'node:http'
import { InfluxError, UNAUTHORIZED_ACCESS } from './errors.ts'
import {
  covers,
  instancePermissions,
  memberPermissions,
  nameOf,
  ownerPermissions,
  ownPermissions,
  type Permission,
  permission,
} from './permissions.ts'
import type { Authorization, Membership, State } from './state.ts'

export interface Caller {
  readonly kind: 'token' | 'session'
  readonly userID: string
  /** Of the authorization; undefined for a session. */
  readonly orgID: string | undefined
  readonly authorization: Authorization | undefined
  may(wanted: Permission): boolean
  /** Refuses with InfluxDB's message if a permission is missing. */
  need(...wanted: Permission[]): void
}

/** On routes that need no credentials. */
export const NOBODY: Caller = {
  kind: 'session',
  userID: '',
  orgID: undefined,
  authorization: undefined,
  may: () => false,
  need() {
    throw UNAUTHORIZED_ACCESS
  },
}

/** By `Authorization` header or session cookie, as for all of `/api/v2`. */
export function authenticate(state: State, headers: IncomingHttpHeaders): Caller {
  const token = tokenIn(headers.authorization)
  const caller = token === undefined ? callerOfSession(state, headers.cookie) : callerOfToken(state, token)
  if (!caller) throw UNAUTHORIZED_ACCESS
  if (state.users.get(caller.userID)?.status !== 'active') {
    throw new InfluxError('forbidden', 'User is inactive')
  }
  return caller
}

function tokenIn(header: string | undefined): string | undefined {
  return /^(?:token|bearer) (.*)$/i.exec(header ?? '')?.[1]
}

function callerOfToken(state: State, token: string): Caller | undefined {
  const found = state.authorizations.values().find((each) => each.token === token)
  return found && callerOf(found)
}

export function callerOf(authorization: Authorization, more: readonly Permission[] = []): Caller {
  const permissions = [...authorization.permissions, ...more]
  return withPermissions(
    { kind: 'token', userID: authorization.userID, orgID: authorization.orgID, authorization },
    () => {
      if (authorization.status !== 'active') throw new InfluxError('unauthorized', 'token is inactive')
      return permissions
    },
  )
}

function callerOfSession(state: State, cookie: string | undefined): Caller | undefined {
  const key = /(?:^|;\s*)influxdb-oss-session=([^;]*)/.exec(cookie ?? '')?.[1]
  const session = key === undefined ? undefined : state.sessions.get(key)
  if (!session) return undefined
  const { userID } = session
  return withPermissions({ kind: 'session', userID, orgID: undefined, authorization: undefined }, () =>
    permissionsOf(state, userID),
  )
}

/** What a session of the user may do: their memberships and all their tokens, inactive ones included. */
function permissionsOf(state: State, userID: string): Permission[] {
  const tokens = [...state.authorizations.values()].filter((each) => each.userID === userID)
  return [
    ...membershipPermissions(state.memberships, userID),
    ...tokens.flatMap(({ permissions }) => permissions),
    ...ownPermissions(userID),
  ]
}

/** The background rights of tasks, too, which their owner's memberships decide. */
export function membershipPermissions(memberships: readonly Membership[], userID: string): Permission[] {
  return memberships
    .filter((each) => each.userID === userID)
    .flatMap(({ resourceType, resourceID, role }) => {
      if (resourceType === 'orgs')
        return role === 'owner' ? ownerPermissions(resourceID) : memberPermissions(resourceID)
      if (resourceType === 'instance' && role === 'owner') return instancePermissions()
      if (resourceType === 'buckets' && role === 'member')
        return [permission('read', 'buckets', { id: resourceID })]
      return []
    })
}

export function withPermissions(
  who: Omit<Caller, 'may' | 'need'>,
  permissions: () => readonly Permission[],
): Caller {
  return {
    ...who,
    may(wanted) {
      try {
        return permissions().some((held) => covers(held, wanted))
      } catch {
        return false
      }
    },
    need(...wanted) {
      const held = permissions()
      for (const each of wanted) {
        if (held.some((one) => covers(one, each))) continue
        throw new InfluxError('unauthorized', `${nameOf(each)} is unauthorized`)
      }
    },
  }
}
