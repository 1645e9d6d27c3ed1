/** The status for each role and each operation that requires credentials, by InfluxDB's rules. */

export const ROLES = ['nobody', 'member', 'owner', 'stranger', 'narrow', 'operator'] as const
export type Role = (typeof ROLES)[number]

export interface Rule {
  /** By `ROLES`: the status for resources of an organization that the stranger does not belong to. */
  readonly statuses: readonly number[]
  readonly json?: unknown
  /** Whether the password is sent in addition to a session. */
  readonly password?: true
}

/** Open to all callers without a check of identity. */
const open = (status: number, json?: unknown): Rule => ({ statuses: Array(6).fill(status), json })
const all = (status: number, json?: unknown): Rule => ({ statuses: [401, ...Array(5).fill(status)], json })
/** Members and owners may read. */
const inside = (status: number, json?: unknown): Rule => ({
  statuses: [401, status, status, 401, 401, status],
  json,
})
const owners = (status: number, json?: unknown): Rule => ({
  statuses: [401, 401, status, 401, 401, status],
  json,
})
const operators = (status: number, json?: unknown): Rule => ({
  statuses: [401, 401, 401, 401, 401, status],
  json,
})
/** For callers who may read the one bucket, including the narrow token. */
const readers = (status: number): Rule => ({ statuses: [401, status, status, 401, status, status] })
/** A caller who may not read the organization gets 404. */
const hidden = (status: number): Rule => ({ statuses: [401, status, status, 404, 404, status] })
/** For every session and the operator; the narrow token may not even read its own user. */
const selves = (status: number): Rule => ({ statuses: [401, status, status, status, 401, status] })

/** Of a passkey that no user has. */
const ANSWER = {
  ...{ id: 'AA', rawId: 'AA', type: 'public-key' },
  response: { clientDataJSON: 'AA', authenticatorData: 'AA', signature: 'AA' },
}

/**
 * In paths and bodies: `{{org}}`, `{{bucket}}`, `{{token}}` (the owner's) and `{{user}}` (without membership), all of
 * one organization.
 */
export const RULES: Readonly<Record<string, Rule>> = {
  GetMe: selves(200),
  GetMeSessions: selves(200),
  DeleteMeSessionsID: selves(404),
  GetMeSecondFactors: selves(200),
  // By token 403, and by session too, since the settings of this server offer none.
  PostMeSecondFactorsTotp: { statuses: [401, 403, 403, 403, 401, 403] },
  PostMeSecondFactors: {
    statuses: [401, 403, 403, 403, 401, 403],
    json: { name: 'phone', enrolment: 'none', code: '123456' },
  },
  PostMePasskeysChallenge: { statuses: [401, 403, 403, 403, 401, 403] },
  PostMePasskeys: {
    statuses: [401, 403, 403, 403, 401, 403],
    json: {
      ...{ name: 'laptop', enrolment: 'none' },
      passkey: {
        ...{ id: 'AA', rawId: 'AA', type: 'public-key' },
        response: { clientDataJSON: 'AA', attestationObject: 'AA' },
      },
    },
  },
  PatchMeSecondFactorsID: { statuses: [401, 404, 404, 404, 401, 403], json: { name: 'phone' } },
  DeleteMeSecondFactorsID: { statuses: [401, 404, 404, 404, 401, 403] },
  PostMeRecoveryCodes: { statuses: [401, 422, 422, 422, 401, 403] },
  GetMeApplicationPasswords: selves(200),
  PostMeApplicationPasswords: { statuses: [401, 403, 403, 403, 401, 403], json: { name: 'old client' } },
  DeleteMeApplicationPasswordsID: { statuses: [401, 404, 404, 404, 401, 403] },
  GetUsersIDSecondFactors: operators(200),
  DeleteUsersIDSecondFactors: operators(204),
  GetUsersIDIdentities: operators(200),
  PostUsersIDIdentities: operators(201, { provider: 'corp', issuer: 'https://id.test', subject: '1' }),
  DeleteUsersIDIdentitiesID: operators(404),
  GetUsersIDSwitchedOffTokens: operators(200),
  PostUsersIDSwitchedOffTokensSwitchOn: operators(200),
  GetOrgsIDSecondFactor: inside(200),
  PutOrgsIDSecondFactor: {
    statuses: [401, 401, 403, 401, 401, 403],
    json: { requiredFor: 'owners' },
  },
  GetOrgsIDInvitations: owners(200),
  PostOrgsIDInvitations: owners(201, { role: 'member' }),
  DeleteOrgsIDInvitationsID: owners(404),
  PostUsersIDPasswordLink: operators(201, {}),
  GetUsersIDEmail: operators(404),
  // The settings of this server name no mail server.
  PutUsersIDEmail: operators(403, { address: 'ada@example.com' }),
  DeleteUsersIDEmail: operators(404),
  PostSigninLink: open(401, { token: 'none' }),
  PostSigninInvitation: open(401, { token: 'none', name: 'eve', password: 'a fine new horse' }),
  PostSigninNewPassword: open(401, { token: 'none', password: 'a fine new horse' }),
  PostSigninVerifyEmail: open(401, { token: 'none' }),
  PostSigninForgot: open(403, { name: 'owner' }),
  // No device shows this code. By token 403.
  PostMeCommandLine: { statuses: [401, 400, 400, 400, 403, 403], json: { userCode: 'BBBB-BBBB' } },
  PostMeCommandLineApprove: { statuses: [401, 400, 400, 400, 403, 403], json: { userCode: 'BBBB-BBBB' } },
  PostMeCommandLineDeny: { statuses: [401, 400, 400, 400, 403, 403], json: { userCode: 'BBBB-BBBB' } },
  // The tokens have no end.
  DeleteMeToken: all(403),
  PostSigninCommandLine: open(200, {
    ...{ host: 'laptop', redirectUri: 'http://127.0.0.1:49152/' },
    ...{ state: 's'.repeat(22), challenge: 'c'.repeat(43) },
  }),
  PostSigninCommandLineToken: open(400, { code: 'none', verifier: 'v'.repeat(43) }),
  PostSigninDevice: open(200, { host: 'laptop' }),
  PostSigninDeviceToken: open(400, { device_code: 'none' }),
  GetResources: all(200),
  GetFlags: all(200),
  GetAuthCheck: all(204),
  GetAudit: { statuses: [401, 401, 200, 200, 401, 200] },
  GetUsers: all(200),
  PostUsers: operators(201, { name: 'made {{n}}' }),
  GetUsersID: operators(200),
  PatchUsersID: operators(200, { name: 'renamed {{n}}' }),
  DeleteUsersID: operators(204),
  GetUsersIDPermissions: operators(200),
  GetUsersIDGrants: operators(200),
  GetUsersIDTraffic: operators(200),
  GetOverview: operators(200),
  // The servers of these tests have no InfluxDB behind them.
  GetUpstreamDifferences: operators(404),
  PostUpstreamRepair: operators(404, { from: 'upstream' }),
  PostUpstreamAdopt: operators(404, {}),
  PostUsersIDPassword: operators(204, { password: 'a fine new horse' }),
  PutUsersIDPassword: { statuses: [401, 400, 400, 400, 400, 400], json: { password: 'a fine new horse' } },
  GetUsersIDSessions: operators(200),
  DeleteUsersIDSessions: operators(204),
  DeleteUsersIDSessionsID: operators(404),
  GetOrgs: all(200),
  PostOrgs: operators(201, { name: 'made {{n}}' }),
  GetOrgsID: inside(200),
  PatchOrgsID: owners(200, { description: 'changed' }),
  DeleteOrgsID: owners(204),
  GetOrgsIDMembers: hidden(200),
  GetOrgsIDOwners: hidden(200),
  PostOrgsIDMembers: owners(201, { id: '{{user}}' }),
  PostOrgsIDOwners: owners(201, { id: '{{user}}' }),
  DeleteOrgsIDMembersID: owners(204),
  DeleteOrgsIDOwnersID: owners(204),
  PatchOrgsIDMembersID: owners(200, { role: 'member' }),
  GetBuckets: all(200),
  PostBuckets: owners(201, { orgID: '{{org}}', name: 'made {{n}}' }),
  GetBucketsID: readers(200),
  PatchBucketsID: owners(200, { description: 'changed' }),
  DeleteBucketsID: owners(204),
  GetBucketsIDMembers: { statuses: [401, 200, 200, 404, 200, 200] },
  GetBucketsIDOwners: { statuses: [401, 200, 200, 404, 200, 200] },
  PostBucketsIDMembers: owners(201, { id: '{{user}}' }),
  PostBucketsIDOwners: owners(201, { id: '{{user}}' }),
  DeleteBucketsIDMembersID: owners(204),
  DeleteBucketsIDOwnersID: owners(204),
  PatchBucketsIDMembersID: owners(404, { role: 'owner' }),
  GetAuthorizations: all(200),
  PostAuthorizations: owners(201, {
    orgID: '{{org}}',
    permissions: [{ action: 'read', resource: { type: 'buckets', orgID: '{{org}}' } }],
  }),
  GetAuthorizationsID: owners(200),
  GetAuthorizationsIDTraffic: owners(200),
  PatchAuthorizationsID: owners(200, { description: 'changed' }),
  DeleteAuthorizationsID: owners(204),
  PostAuthorizationsIDRotate: owners(200),
  GetLegacyAuthorizations: all(200),
  PostLegacyAuthorizations: owners(201, {
    token: 'telegraf {{n}}',
    orgID: '{{org}}',
    permissions: [{ action: 'read', resource: { type: 'buckets', orgID: '{{org}}' } }],
  }),
  GetLegacyAuthorizationsID: owners(200),
  PatchLegacyAuthorizationsID: owners(200, { description: 'changed' }),
  DeleteLegacyAuthorizationsID: owners(204),
  PostLegacyAuthorizationsIDPassword: owners(204, { password: 'a fine new horse' }),
  PutMePassword: {
    // By token the old password cannot be sent, and without it the answer is 400.
    statuses: [401, 204, 204, 204, 400, 400],
    json: { password: '{{password}}' },
    password: true,
  },
  DeleteMeSessions: selves(204),
  GetSessions: operators(200),
  DeleteSessions: operators(204),
  // Nothing is throttled.
  PostThrottledRelease: operators(404, { scope: 'address', address: '192.0.2.1' }),
  PostSignout: { statuses: [401, 204, 204, 204, 401, 401] },
  PostSigninSecondFactor: open(401, { code: '123456' }),
  PostSigninSecondFactorPasskey: open(401, { passkey: ANSWER }),
  PostSigninSecondFactorPasskeyChallenge: open(401),
  // The settings of this server offer no second factors.
  PostSigninPasskey: open(403, { passkey: ANSWER }),
  PostSigninPasskeyChallenge: open(403),
  // The servers of these tests have no provider. By token 403.
  PostMeIdentitiesOidc: { statuses: [401, 404, 404, 404, 403, 403], json: {} },
  PostSigninOidc: open(404, {}),
  GetSigninOidcCallback: open(404),
  PostSigninOidcBackchannelLogout: open(400, {}),
  PostSignoutProvider: { statuses: [401, 200, 200, 200, 401, 401] },
  PostSignin: { statuses: [401, 204, 204, 204, 401, 401], password: true },
  GetSetup: open(200),
  PostSetup: open(422, { username: 'eve', password: 'a fine new horse', org: 'eves', bucket: 'b' }),
  PostSetupCheck: open(422, { username: 'eve', password: 'a fine new horse' }),
  GetRoutes: open(200),
  GetFeatures: open(200),
  GetAuthReturn: open(400),
  GetHealth: open(200),
  GetReady: open(200),
  GetPing: open(204),
  GetMetrics: open(200),
}

/** After these operations the caller, or every role, signs in again. */
export const ENDS_SESSIONS =
  /^(PutMePassword|DeleteMeSessions|DeleteSessions|PostSignout|PostSignoutProvider|PostSignin)$/
/** Responses that may contain a new token. */
export const SHOWS_TOKEN = /^(PostAuthorizations|PostAuthorizationsIDRotate)$/
/** Their refusals also have the member `error` (RFC 6749, 5.2; RFC 8628, 3.5). */
export const SPEAKS_OAUTH = /^PostSignin(CommandLine|Device)Token$/
