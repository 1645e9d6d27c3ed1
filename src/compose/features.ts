/** The part of the settings that the console and other clients read. */
import type { Settings } from '../config/settings.ts'
import type { Services } from '../http/api/routes.ts'
import type { ComposedDomain } from './domain.ts'
import type { composeOidc } from './oidc.ts'

export type OidcServices = Awaited<ReturnType<typeof composeOidc>>['services']

export function featuresOf(
  settings: Settings,
  { providerSignIn, passkeyFeatures }: OidcServices & Pick<ComposedDomain, 'passkeyFeatures'>,
): Services['features'] {
  return {
    rememberSeconds: settings.sessionRememberLength / 1000,
    passwordPolicy: settings.strongPasswords ? 'strong' : settings.passwordPolicy,
    deployment: settings.deployment,
    mail: settings.smtpUrl !== undefined,
    invitations: settings.invitations,
    providers: [...providerSignIn.offered()],
    passwordForm: passwordFormOf(settings),
    ...passkeyFeatures,
  }
}

/** The users of a directory need the form whatever `local-sign-in` says, and without a provider there is nothing else. */
function passwordFormOf({
  localSignIn,
  ldapUrls,
  oidc,
}: Pick<Settings, 'localSignIn' | 'ldapUrls' | 'oidc'>): string {
  if (localSignIn === 'all' || ldapUrls.length > 0 || oidc.length === 0) return 'shown'
  return localSignIn === 'none' ? 'hidden' : 'folded'
}
