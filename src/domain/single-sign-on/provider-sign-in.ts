/** Sign-in through an OpenID Connect provider: the flow that leaves the browser with the provider and comes back. */
import { randomBytes } from 'node:crypto'
import type { Caller, RequestOrigin } from '../access/principal.ts'
import type { AuditTrail } from '../audit/audit-trail.ts'
import type { Clock } from '../base/clock.ts'
import { SluiceError, unauthorized, unavailable } from '../base/errors.ts'
import type { ID } from '../base/id.ts'
import type { Log } from '../base/log.ts'
import { hashSecret } from '../base/secrets.ts'
import type { OnceStore } from '../records/once.ts'
import type { FlowSecrets, OutsideSignIn } from '../records/outside-provider.ts'
import type { SessionStore } from '../records/session.ts'
import type { SessionEndStore } from '../records/session-ends.ts'
import type { Seal } from '../second-factors/seal.ts'
import { isLiveSession } from '../sessions/live-key.ts'
import type { Setup } from '../setup/setup.ts'
import type { WantedOrganization } from '../sign-in/confinement.ts'
import type { CountSignIn } from '../sign-in/sign-in-report.ts'
import { type ConfiguredProvider, type ConfiguredProviders, requireProvider } from './configured-provider.ts'
import type { LinkedIdentities } from './linked-identities.ts'
import { sealTokens } from './provider-tokens.ts'
import type { OutsideSession, SignInOutside } from './sign-in-outside.ts'

/** How long a person may take at the provider. */
export const FLOW_MS = 10 * 60_000
/** Another node, whose clock may differ, may have begun it. */
const CLOCKS_DIFFER_MS = 60_000

export interface FlowRequest {
  readonly provider: string
  /** Where in the console to go afterwards: a path of this server. */
  readonly returnTo: string
  readonly wanted: WantedOrganization
  /** The user must prove themselves at the provider once more. */
  readonly isAgain: boolean
}

export interface BegunFlow {
  /** The address of the provider's sign-in page. */
  readonly url: string
  /** The state of the flow, by which its cookie is found again. */
  readonly state: string
  /** What the browser keeps, readable by this server alone. */
  readonly sealed: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

export type FinishedFlow =
  | { readonly kind: 'in'; readonly session: OutsideSession; readonly returnTo: string }
  | { readonly kind: 'linked'; readonly returnTo: string }
  /** A user who is signed in wanted to link an identity, and goes back to where they were. */
  | { readonly kind: 'not-linked'; readonly error: SluiceError; readonly returnTo: string }

export interface ProviderSignIn {
  /** What the sign-in page offers. */
  offered(): readonly Pick<ConfiguredProvider, 'label' | 'autoRedirect'>[] & readonly { name: string }[]
  /** Throws `not found`, or what the provider throws if it cannot be used now. */
  begin(request: FlowRequest): Promise<BegunFlow>
  /** The same, to link the identity to the caller, who has signed in just now. */
  beginLinking(caller: Caller, request: Pick<FlowRequest, 'provider' | 'returnTo'>): Promise<BegunFlow>
  /**
   * Finishes a flow, once. Throws `unauthorized` with `sign-in-expired` for a flow of another browser or provider, an
   * old and a finished one, and what the provider and `signInOutside` throw.
   */
  finish(answer: {
    readonly provider: string
    /** The query of the callback, as it was received. */
    readonly query: string
    /** From the browser's cookie; undefined if it sent none. */
    readonly sealed: string | undefined
    readonly presentedKeys: readonly string[]
    readonly origin: RequestOrigin
  }): Promise<FinishedFlow>
}

interface Flow extends FlowSecrets {
  readonly provider: string
  readonly returnTo: string
  readonly wanted: WantedOrganization
  readonly isAgain: boolean
  /** The user to whom the identity is linked, and their session; undefined to sign in. */
  readonly linkTo?: { readonly userID: ID; readonly keyHash: string } | undefined
  /** Milliseconds since 1970. */
  readonly at: number
}

/** 43 letters, as a verifier has at least; it may have no `=` (RFC 7636, 4.1). */
const unguessable = () => randomBytes(32).toString('base64url')

export function createProviderSignIn(deps: {
  providers: ConfiguredProviders
  signInOutside: SignInOutside
  identities: Pick<LinkedIdentities, 'requireMayLink' | 'linkOwn'>
  sessionStore: Pick<SessionStore, 'find'>
  sessionEnds: Pick<SessionEndStore, 'ofUser' | 'has'>
  /** Until the first user is made, by setup, no stranger may become it. */
  setup: Pick<Setup, 'allowed'>
  seal: Seal
  once: OnceStore
  audit: Pick<AuditTrail, 'refuse'>
  count: CountSignIn
  now: Clock
  log: Pick<Log, 'warn'>
}): ProviderSignIn {
  const { providers, seal, now } = deps

  async function begin(flow: Omit<Flow, 'at' | keyof FlowSecrets>): Promise<BegunFlow> {
    const { provider } = requireProvider(providers, flow.provider)
    if (await deps.setup.allowed()) {
      throw unavailable('set this server up first', { reason: 'provider-misconfigured' })
    }
    const at = now()
    const secrets = { state: unguessable(), nonce: unguessable(), verifier: unguessable() }
    const url = await provider.begin(secrets, flow.isAgain)
    const sealed = await seal.seal('provider-flow', JSON.stringify({ ...flow, ...secrets, at }))
    return { url, state: secrets.state, sealed, expiresAt: at + FLOW_MS }
  }

  /** The flow that this browser began, for the first time that it comes back. */
  async function open(sealed: string | undefined, provider: string, state: string | null): Promise<Flow> {
    const text = sealed === undefined ? undefined : await seal.open('provider-flow', sealed)
    if (text === undefined) throw expired()
    const flow = JSON.parse(text) as Flow
    const age = now() - flow.at
    const isOld = age < -CLOCKS_DIFFER_MS || age >= FLOW_MS
    if (isOld || flow.provider !== provider || flow.state !== state) throw expired()
    if (!(await deps.once.claim(`flow ${hashSecret(flow.state)}`, FLOW_MS + CLOCKS_DIFFER_MS)))
      throw expired()
    return flow
  }

  /**
   * A user who ends their sessions, such as after a theft, also ends what these began: an identity of the thief would
   * sign in from then on. The session's cookie does not come along from another site.
   */
  async function requireLive(keyHash: string): Promise<void> {
    if (!(await isLiveSession(await deps.sessionStore.find(keyHash), deps))) throw expired()
  }

  /** Counts, logs and audits a refusal before it is known who it is. The provider's own words go to the log only. */
  function refuse(error: unknown, provider: string, origin: RequestOrigin): unknown {
    if (!(error instanceof SluiceError) || error.reason === undefined) return error
    deps.count('refused', 'oidc')
    const causes: string[] = []
    for (let each = error.cause; each instanceof Error; each = each.cause) causes.push(each.message)
    deps.log.warn('a sign-in through a provider failed', {
      provider,
      reason: error.reason,
      causes,
      ...origin,
    })
    const target = { type: 'identity', name: `${provider}: ${error.reason}` }
    return deps.audit.refuse(error, { event: 'signin', actor: {}, target, origin })
  }

  async function enter(
    configured: ConfiguredProvider,
    found: OutsideSignIn,
    client: { readonly presentedKeys: readonly string[]; readonly origin: RequestOrigin },
    wanted: WantedOrganization,
  ): Promise<OutsideSession> {
    const { identity, sid, refreshToken, idToken } = found
    const at = now()
    const kept = {
      refreshToken: configured.refreshMs > 0 ? refreshToken : undefined,
      idToken: configured.endsThere ? idToken : undefined,
    }
    const isRefreshed = kept.refreshToken !== undefined
    const data = isRefreshed || kept.idToken !== undefined ? await sealTokens(seal, kept, at) : undefined
    return deps.signInOutside({
      ...{ identity, method: 'oidc', rules: configured.rules, wanted, ...client, data },
      // What groups give is known at the sign-in only, so a session that outlives a restart would outlive them.
      remember: false,
      session: { sid, endsAt: isRefreshed ? undefined : at + configured.maxLengthMs },
    })
  }

  return {
    offered: () => [...providers].map(([name, { label, autoRedirect }]) => ({ name, label, autoRedirect })),

    begin: ({ provider, returnTo, wanted, isAgain }) => begin({ provider, returnTo, wanted, isAgain }),

    async beginLinking(caller, { provider, returnTo }) {
      const keyHash = deps.identities.requireMayLink(caller)
      const linkTo = { userID: caller.principal.user.id, keyHash }
      return begin({ provider, returnTo, wanted: {}, isAgain: false, linkTo })
    },

    async finish({ provider: name, query, sealed, presentedKeys, origin }) {
      const configured = requireProvider(providers, name)
      const { provider } = configured
      const refused = (error: unknown): never => {
        throw refuse(error, name, origin)
      }
      const state = new URLSearchParams(query).get('state')
      const flow = await open(sealed, name, state).catch(refused)
      const { returnTo, linkTo } = flow
      const redeem = () => provider.finish(query, flow, flow.isAgain ? flow.at : undefined).catch(refused)
      if (linkTo === undefined) {
        const session = await enter(configured, await redeem(), { presentedKeys, origin }, flow.wanted)
        return { kind: 'in', session, returnTo }
      }
      try {
        const { identity } = await redeem()
        await requireLive(linkTo.keyHash)
        await deps.identities.linkOwn(linkTo.userID, identity, configured.rules, origin)
        return { kind: 'linked', returnTo }
      } catch (error) {
        if (error instanceof SluiceError) return { kind: 'not-linked', error, returnTo }
        throw error
      }
    },
  }
}

const expired = () =>
  unauthorized('sign-in-expired', 'the sign-in took too long or was finished before; begin it again')
