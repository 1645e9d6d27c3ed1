/** The acts that ask a session for a recent sign-in (ASVS 5.0 7.5.1, 7.5.3). Tests and documents follow this table. */

export const POWERFUL_ACTS = {
  'password.set': 'Setting a password without the old one, one’s own or another’s',
  'password.link': 'Making a link by which a user sets a new password',
  'email.set': 'Setting or removing an e-mail address, one’s own or another’s',
  'invitation.create': 'Inviting somebody',
  'user.delete': 'Deleting a user',
  'user.status': 'Deactivating or activating a user',
  'owner.add': 'Adding an owner to an organization or a bucket',
  'owner.remove': 'Removing an owner',
  'role.change': 'Changing a role, in either direction',
  'organization.delete': 'Deleting an organization',
  'user.rename': 'Renaming another user',
  'sessions.end': 'Ending everybody’s sessions, or another user’s',
  'throttled.release': 'Releasing a throttled user or address',
  'factor.add': 'Adding a second factor',
  'factor.remove': 'Removing a second factor',
  'factor.reset': 'Removing all second factors of another user',
  'factor.policy': 'Changing whom an organization requires to have a second factor',
  'recovery-codes.create': 'Making new recovery codes',
  'application-password.create': 'Creating an application password',
  'identity.link': 'Linking an identity at a provider to a user',
  'identity.unlink': 'Unlinking an identity from a user',
  'tokens.switch-on': 'Enabling tokens that were disabled because their user was gone',
  'token.create': 'Creating a powerful token',
  'token.activate': 'Activating a powerful token',
  'token.rotate': 'Rotating a powerful token',
  'token.prolong': 'Letting a powerful token expire later, or never',
  'command-line.approve': 'Giving a command line a token',
  'upstream.repair': 'Mending differences to the InfluxDB behind this server',
} as const satisfies Readonly<Record<string, string>>

export type PowerfulAct = keyof typeof POWERFUL_ACTS
