/** The words of identities at providers, loaded with their pages only. */
import { plural } from './words.ts'

export const ssoTexts = {
  title: 'Identities at providers',
  none: 'None. The user signs in with a password of this server, if there is one.',
  signedIn: 'Last sign-in',
  notYet: 'no sign-in yet',
  unnamed: 'Not signed in yet',
  subject: 'Subject',
  link: 'Link an identity',
  linkText: 'Anyone who signs in at the provider as this subject is then signed in as this user.',
  provider: 'Provider',
  providerHelp: 'Its name in the settings.',
  issuer: 'Issuer',
  issuerHelp: 'The iss of an OpenID provider, exactly as it writes it, or the name of a directory.',
  subjectHelp: 'The sub of an OpenID provider, or the unchanging id of an entry in a directory.',
  linked: 'The identity was linked.',
  linkOwn: (label: string) => `Link your account at ${label}`,
  linkOwnText: 'Then you can sign in through it as the user that you are here.',
  ownLinked: (label: string) => `Your account at ${label} is linked.`,
  unlink: 'Unlink',
  unlinkOf: (provider: string) => `Unlink the identity of ${provider}`,
  unlinkText: (provider: string) =>
    `What ${provider} gives is taken away, and sessions end. Tokens that give more than the other memberships are disabled.`,
  unlinked: 'The identity was unlinked.',
  off: 'Disabled tokens',
  offText: 'They were disabled because the user was gone at a provider.',
  kinds: {
    authorization: 'Token',
    'legacy-authorization': '1.x authorization',
    'application-password': 'Application password',
  } as Readonly<Record<string, string>>,
  noName: 'no description',
  switchOn: 'Enable again',
  switchOnText: (name: string) => `The tokens of ${name} work again.`,
  switchedOn: (count: number) => `${plural(count, 'token was', 'tokens were')} enabled.`,
} as const
