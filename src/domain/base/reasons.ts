/**
 * Why a request was refused, for programs, which must not compare messages. Two refusals of the same request that
 * have the same status and message have the same reason, so a reason reveals no more than they do.
 */
export const REASONS = {
  'no-credentials': 'The request has no token and no session cookie',
  'unknown-token': 'No such token exists, or its grace period after a rotation has ended',
  'token-inactive': 'The token was switched off',
  'token-expired': 'The token has expired',
  'session-expired': 'The session cookie opens no session: it expired, was ended, or never was one',
  'ambiguous-session': 'Several session cookies were sent, and it is not clear which of them counts',
  'wrong-credentials': 'The name or the password is wrong, or the request has none that can be read',
  'user-inactive': 'The user is deactivated',
  'unknown-user': 'The user whose password is to be set does not exist',
  'password-change-due': 'The user must change the password before anything else',
  'sign-in-too-old': 'The act needs a recent sign-in; sign in again and repeat it',
  'second-factor-required': 'The user has a second factor, which this sign-in or this act still needs',
  'second-factor-wrong': 'The code is wrong, was used before, or belongs to another user',
  'second-factor-expired': 'The sign-in that waited for a second factor is over; begin it again',
  'enrolment-due': 'The user must enrol a second factor before anything else',
  'second-factors-off': 'The settings offer no second factors',
  'session-needed': 'Only a session may do this, not a token',
  'application-password': 'A session by an application password may not do this',
  'missing-permission': 'The caller lacks the permission that the message names',
  'beyond-own-rights': 'The act would give a right that the caller does not have',
  'outlives-token': 'The act would give access for longer than the token lasts by which it is asked for',
  'forged-request': 'A page of another site sent the request',
  throttled: 'Too many wrong tries; Retry-After says when the next one counts',
  'setup-done': 'The server is set up already',
  'last-operator': 'The last active operator must stay',
  'directory-away':
    'The directory that checks the password gives no answer; it says nothing about the password',
  'name-taken': 'Another resource has this name',
  'token-taken': 'The chosen token exists already',
  'already-member': 'The user belongs to the resource already',
  'not-through-gateway': 'The request is one that the gateway does not forward',
  'not-by-check': 'The check of another gateway cannot decide about the request; send it through Sluice',
  'bucket-by-id': 'The Flux text names a bucket by an id that the caller may not use, or not as plain text',
  'outbound-flux': 'The Flux text makes InfluxDB open other hosts, files or databases',
  'link-invalid': 'The one-time link was used, has expired, was replaced, or never was one',
  'invitations-off': 'The settings allow no invitations',
  'mail-off': 'The settings name no mail server',
  'local-sign-in-off': 'The settings let this user sign in through a provider or a directory only',
  'outside-not-allowed':
    'The provider knows the person, but the rules of this server let nobody like them in',
  'outside-no-name': 'The provider gave no name that a user can have',
  'identity-taken': 'The identity leads to a user already, or the user has another one of this provider',
  'given-by-provider': 'A rule gives this membership to a group of a provider; change the group there',
  'provider-away': 'The sign-in provider does not answer',
  'provider-misconfigured': 'The sign-in provider and the settings do not fit together',
  'refused-by-provider': 'The sign-in provider refused, or its answer is not to be trusted',
  'clock-differs': 'The clocks of the sign-in provider and of this server differ',
  'sign-in-expired':
    'The sign-in at the provider took too long, was finished before, or began in another browser',
  'unknown-provider': 'The settings have no sign-in provider of this name',
  'weak-password': 'The password policy refuses the new password',
} as const satisfies Readonly<Record<string, string>>

export type Reason = keyof typeof REASONS
