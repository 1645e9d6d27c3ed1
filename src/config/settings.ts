/**
 * Every setting of Sluice, in the order in which they are listed and printed.
 * A new one is a new entry in its group under `groups/`: flags, environment, files, types, help and
 * docs/configuration.md (after `npm run docs`) follow from it.
 */
import { audit } from './groups/audit.ts'
import { browsers } from './groups/browsers.ts'
import { externalTokens } from './groups/external-tokens.ts'
import { guessing } from './groups/guessing.ts'
import { ldap } from './groups/ldap.ts'
import { logging } from './groups/logging.ts'
import { mail } from './groups/mail.ts'
import { oidc } from './groups/oidc.ts'
import { other } from './groups/other.ts'
import { passwords } from './groups/passwords.ts'
import { people } from './groups/people.ts'
import { redis } from './groups/redis.ts'
import { secondFactors } from './groups/second-factors.ts'
import { server } from './groups/server.ts'
import { sessions } from './groups/sessions.ts'
import { singleSignOn } from './groups/single-sign-on.ts'
import { store } from './groups/store.ts'
import { tls } from './groups/tls.ts'
import { tokens } from './groups/tokens.ts'
import { upstream } from './groups/upstream.ts'
import type { Group, SettingsOf, SourcesOf } from './shapes/names.ts'

export const settingGroups = [
  { title: 'Server', settings: server },
  { title: 'TLS', settings: tls },
  { title: 'Sessions', settings: sessions },
  { title: 'Passwords', settings: passwords },
  { title: 'Second factors', settings: secondFactors },
  { title: 'People', settings: people },
  { title: 'Mail', settings: mail },
  { title: 'Single sign-on', settings: singleSignOn },
  { title: 'OpenID Connect', settings: oidc },
  { title: 'LDAP', settings: ldap },
  { title: 'Guessing', settings: guessing },
  { title: 'Tokens', settings: tokens },
  { title: 'External tokens', settings: externalTokens },
  { title: 'Upstream', settings: upstream },
  { title: 'Browsers', settings: browsers },
  { title: 'Audit', settings: audit },
  { title: 'Store', settings: store },
  { title: 'Session store', settings: redis },
  { title: 'Logging', settings: logging },
  { title: 'Other', settings: other },
] as const satisfies readonly Group[]

type Entry = (typeof settingGroups)[number]['settings'][number]

export const schema: readonly Entry[] = settingGroups.flatMap((group): readonly Entry[] => group.settings)

/** Durations are milliseconds, sizes bytes, paths absolute; undefined is unset. Deeply frozen. */
export type Settings = SettingsOf<typeof schema>

/** Where each of the `Settings` came from. */
export type Sources = SourcesOf<typeof schema>
