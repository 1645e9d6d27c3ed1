/** Every route of the API, by whether it needs credentials. */
import type { onRequestHookHandler } from 'fastify'
import type { Audit } from '../../domain/audit/audit.ts'
import type { Authorizations } from '../../domain/authorizations/authorizations.ts'
import type { TokenUsage } from '../../domain/authorizations/token-usage.ts'
import type { Buckets } from '../../domain/buckets/buckets.ts'
import type { BucketLabels } from '../../domain/gateway/bucket-labels.ts'
import type { LegacyAuthorizations } from '../../domain/legacy-authorizations/legacy-authorizations.ts'
import type { Memberships } from '../../domain/memberships/memberships.ts'
import type { CountsOf } from '../../domain/organizations/organization-counts.ts'
import type { Organizations } from '../../domain/organizations/organizations.ts'
import type { ReadOverview } from '../../domain/overview/overview.ts'
import type { Passwords } from '../../domain/password-changes/password-changes.ts'
import type { ApplicationPasswords } from '../../domain/second-factors/application-passwords.ts'
import type { FactorAdministration } from '../../domain/second-factors/factor-administration.ts'
import type { PasskeyEnrolment } from '../../domain/second-factors/passkey-enrolment.ts'
import type { SecondFactors } from '../../domain/second-factors/second-factors.ts'
import type { DescribeLink } from '../../domain/self-service/describe-link.ts'
import type { Invitations } from '../../domain/self-service/invitations.ts'
import type { PasswordLinks } from '../../domain/self-service/password-links.ts'
import type { UserEmails } from '../../domain/self-service/user-emails.ts'
import type { ListAllSessions } from '../../domain/sessions/all-sessions.ts'
import type { WithLiveKey } from '../../domain/sessions/live-key.ts'
import type { Sessions } from '../../domain/sessions/sessions.ts'
import type { Setup } from '../../domain/setup/setup.ts'
import type { SecondFactorChallenge } from '../../domain/sign-in/passkey-challenge.ts'
import type { PasskeySignIn } from '../../domain/sign-in/passkey-sign-in.ts'
import type { PasswordSignIn } from '../../domain/sign-in/password-sign-in.ts'
import type { SecondFactorSignIn } from '../../domain/sign-in/second-factor-sign-in.ts'
import type { LinkedIdentities } from '../../domain/single-sign-on/linked-identities.ts'
import type { SwitchedOffTokens } from '../../domain/single-sign-on/switched-off-tokens.ts'
import type { Throttled } from '../../domain/throttled/throttled.ts'
import type { TrafficOf } from '../../domain/traffic/traffic-of.ts'
import type { UpstreamAdministration } from '../../domain/upstream/upstream-service.ts'
import type { DetailsOf } from '../../domain/users/user-details.ts'
import type { GrantsOf } from '../../domain/users/user-grants.ts'
import type { UserSearch } from '../../domain/users/user-search.ts'
import type { Users } from '../../domain/users/users.ts'
import type { AuthCheck } from '../forward-auth/auth-check.ts'
import type { TrustedOrigins } from '../protection/forgery.ts'
import { createTurns } from '../request/in-turn.ts'
import type { SessionCookie } from '../request/session-cookie.ts'
import { ErrorShape, type NamedShape, ReasonShape } from '../request/shapes.ts'
import type { Api } from './frame/api.ts'
import { collectSummaries } from './frame/route-summaries.ts'
import { auditShapes, registerAudit } from './routes/audit.ts'
import { registerAuthCheck } from './routes/auth-check.ts'
import { AuthorizationShape, AuthorizationsShape, registerAuthorizations } from './routes/authorizations.ts'
import { BucketShape, BucketsShape, registerBuckets } from './routes/buckets.ts'
import {
  type CommandLineDeps,
  CommandLineLoginShape,
  CommandLineTokenShape,
  registerCommandLine,
  registerCommandLineDecisions,
} from './routes/command-line.ts'
import { registerFactorAdministration } from './routes/factor-administration.ts'
import { type Features, FeaturesShape, registerFeatures } from './routes/features.ts'
import { registerFlags } from './routes/flags.ts'
import { GrantShape, GrantsShape, registerGrants } from './routes/grants.ts'
import { LinkedIdentityShape, registerIdentities, SwitchedOffTokenShape } from './routes/identities.ts'
import { InvitationShape, registerInvitations } from './routes/invitations.ts'
import {
  LegacyAuthorizationShape,
  LegacyAuthorizationsShape,
  registerLegacyAuthorizations,
} from './routes/legacy-authorizations.ts'
import { registerLinks } from './routes/links.ts'
import { registerMe } from './routes/me.ts'
import { ResourceUsersShape } from './routes/members.ts'
import { OneTimeLinkShape, registerOneTimeLinks } from './routes/one-time-links.ts'
import {
  OrganizationCountsShape,
  OrganizationShape,
  OrganizationsShape,
  registerOrganizations,
} from './routes/organizations.ts'
import { OverviewShape, registerOverview } from './routes/overview.ts'
import { PasskeyCreationShape, PasskeyRequestShape } from './routes/passkey-shapes.ts'
import { registerPasskeys } from './routes/passkeys.ts'
import { registerOwnPassword, registerPasswords } from './routes/passwords.ts'
import { PermissionShape, ResourceShape } from './routes/permissions.ts'
import {
  type ProviderSignInDeps,
  registerIdentityLinking,
  registerProviderSignIn,
} from './routes/provider-sign-in.ts'
import { registerResources } from './routes/resources.ts'
import { registerPasskeySignIn, registerSecondFactorSignIn } from './routes/second-factor-sign-in.ts'
import {
  ApplicationPasswordShape,
  EnrolledFactorShape,
  OwnSecondFactorsShape,
  registerApplicationPasswords,
  registerSecondFactors,
  SecondFactorShape,
} from './routes/second-factors.ts'
import {
  ListedSessionShape,
  ListedSessionsShape,
  registerSessions,
  SessionShape,
  SessionsShape,
} from './routes/sessions.ts'
import { registerSetup, SetupShape } from './routes/setup.ts'
import { registerSignIn } from './routes/sign-in.ts'
import { registerSignOut } from './routes/sign-out.ts'
import { HealthShape, ReadyShape, registerSystem, type SystemStatus } from './routes/system.ts'
import { registerThrottled } from './routes/throttled.ts'
import { registerTraffic, trafficShapes } from './routes/traffic.ts'
import {
  registerUpstream,
  UpstreamAdoptionShape,
  UpstreamRepairShape,
  UpstreamShape,
} from './routes/upstream.ts'
import { PasswordLinkShape, registerUserAccess, UserEmailShape } from './routes/user-access.ts'
import { ResourceUserShape, registerUsers, UserDetailsShape, UserShape, UsersShape } from './routes/users.ts'

export interface Services extends ProviderSignInDeps, CommandLineDeps {
  readonly authorizations: Authorizations
  readonly buckets: Buckets
  readonly bucketLabels: BucketLabels
  readonly legacyAuthorizations: LegacyAuthorizations
  readonly memberships: Memberships
  readonly organizations: Organizations
  readonly passwords: Passwords
  readonly sessions: Sessions
  readonly listAllSessions: ListAllSessions
  readonly throttled: Throttled
  readonly withLiveKey: WithLiveKey
  readonly setup: Setup
  readonly signIn: PasswordSignIn
  readonly secondFactorSignIn: SecondFactorSignIn
  readonly secondFactorChallenge: SecondFactorChallenge
  readonly passkeySignIn: PasskeySignIn
  readonly passkeyEnrolment: PasskeyEnrolment
  readonly secondFactors: SecondFactors
  readonly applicationPasswords: ApplicationPasswords
  readonly factorAdministration: FactorAdministration
  readonly describeLink: DescribeLink
  readonly invitations: Invitations
  readonly passwordLinks: PasswordLinks
  readonly userEmails: UserEmails
  readonly identities: LinkedIdentities
  readonly switchedOffTokens: SwitchedOffTokens
  readonly status: SystemStatus
  readonly users: Users
  readonly userSearch: UserSearch
  readonly userDetailsOf: DetailsOf
  readonly organizationCountsOf: CountsOf
  readonly grantsOf: GrantsOf
  readonly overview: ReadOverview
  readonly upstream: UpstreamAdministration
  readonly trafficOf: TrafficOf
  readonly features: Features
  /** The kind of store, shown to operators. */
  readonly storeName: string
  readonly audit: Audit
  readonly tokenUsage: TokenUsage
  readonly cookie: SessionCookie
  readonly pendingCookie: SessionCookie
  readonly passkeyCookie: SessionCookie
  readonly origins: TrustedOrigins
  readonly authCheck: AuthCheck
}

/** The shapes that have a name in the OpenAPI document. */
export const sharedShapes: readonly NamedShape[] = [
  ErrorShape,
  ReasonShape,
  UserShape,
  UserDetailsShape,
  UsersShape,
  ResourceUserShape,
  ResourceUsersShape,
  OrganizationCountsShape,
  OrganizationShape,
  OrganizationsShape,
  ResourceShape,
  PermissionShape,
  AuthorizationShape,
  AuthorizationsShape,
  LegacyAuthorizationShape,
  LegacyAuthorizationsShape,
  BucketShape,
  BucketsShape,
  SetupShape,
  HealthShape,
  ReadyShape,
  SessionShape,
  SessionsShape,
  ListedSessionShape,
  ListedSessionsShape,
  SecondFactorShape,
  OwnSecondFactorsShape,
  EnrolledFactorShape,
  ApplicationPasswordShape,
  PasskeyCreationShape,
  PasskeyRequestShape,
  InvitationShape,
  PasswordLinkShape,
  UserEmailShape,
  OneTimeLinkShape,
  LinkedIdentityShape,
  SwitchedOffTokenShape,
  CommandLineTokenShape,
  CommandLineLoginShape,
  ...auditShapes,
  FeaturesShape,
  GrantShape,
  GrantsShape,
  ...trafficShapes,
  OverviewShape,
  UpstreamShape,
  UpstreamRepairShape,
  UpstreamAdoptionShape,
]

export function registerRoutes(api: Api, services: Services, credentials: onRequestHookHandler): void {
  const summaries = collectSummaries(api)
  const inTurn = createTurns()
  registerSystem(api, services)
  registerLinks(api)
  registerFeatures(api, services)
  registerSetup(api, services)
  registerSignIn(api, services)
  registerSecondFactorSignIn(api, services)
  registerPasskeySignIn(api, services)
  registerSignOut(api, services)
  registerProviderSignIn(api, services)
  registerAuthCheck(api, services)
  registerOwnPassword(api, { ...services, credentials })
  registerOneTimeLinks(api, services)
  registerCommandLine(api, services)

  api.register(async (protectedApi) => {
    protectedApi.addHook('onRequest', credentials)
    registerMe(protectedApi)
    registerSessions(protectedApi, services)
    registerAudit(protectedApi, services, summaries)
    registerUsers(protectedApi, services)
    registerPasswords(protectedApi, services)
    registerSecondFactors(protectedApi, services)
    registerPasskeys(protectedApi, services)
    registerApplicationPasswords(protectedApi, services)
    registerFactorAdministration(protectedApi, services)
    registerInvitations(protectedApi, services)
    registerUserAccess(protectedApi, services)
    registerIdentities(protectedApi, services)
    registerIdentityLinking(protectedApi, services)
    registerCommandLineDecisions(protectedApi, services)
    registerOrganizations(protectedApi, services)
    registerAuthorizations(protectedApi, { ...services, inTurn })
    registerLegacyAuthorizations(protectedApi, { ...services, inTurn })
    registerBuckets(protectedApi, services)
    registerResources(protectedApi)
    registerFlags(protectedApi)
    registerGrants(protectedApi, { ...services, inTurn })
    registerOverview(protectedApi, services)
    registerThrottled(protectedApi, services)
    registerUpstream(protectedApi, services)
    registerTraffic(protectedApi, services)
  })
}
