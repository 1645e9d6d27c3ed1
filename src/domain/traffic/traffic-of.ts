/** The traffic of one user or token, for those who may read it. */
import type { Principal } from '../access/principal.ts'
import type { ID } from '../base/id.ts'
import type { TrafficAccount } from './traffic-account.ts'
import type { Traffic } from './traffic-series.ts'
import type { ReadUpstreamState } from './upstream-state.ts'

export interface TrafficSince extends Traffic {
  /** When this node began to count, in milliseconds since 1970. */
  readonly since: number
  /** Whether this server has an upstream; without one there is no traffic. */
  readonly forwards: boolean
}

export interface TrafficOf {
  /** The traffic of a user by sessions and tokens. Throws as reading the user does. */
  user(principal: Principal, id: ID): Promise<TrafficSince>
  /** The traffic of a token. Throws as reading the token does. */
  token(principal: Principal, id: ID): Promise<TrafficSince>
}

export function createTrafficOf(deps: {
  account: Pick<TrafficAccount, 'ofUser' | 'ofToken' | 'since'>
  /** Called for its refusals, which are those for the user or token itself. */
  users: { get(principal: Principal, id: ID): Promise<unknown> }
  authorizations: { get(principal: Principal, id: ID): Promise<unknown> }
  upstreamState: ReadUpstreamState
}): TrafficOf {
  const { account, users, authorizations, upstreamState } = deps
  const common = () => ({ since: account.since, forwards: upstreamState().configured })
  return {
    async user(principal, id) {
      await users.get(principal, id)
      return { ...common(), ...account.ofUser(id) }
    },
    async token(principal, id) {
      await authorizations.get(principal, id)
      return { ...common(), ...account.ofToken(id) }
    },
  }
}
