/** The virtual authenticators of Chromium, by its developer tools. */
import type { Page } from 'playwright-core'

/** What a platform's own authenticator can do. */
export const PLATFORM = {
  protocol: 'ctap2',
  transport: 'internal',
  automaticPresenceSimulation: true,
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
} as const
/** A security key without PIN, as those before FIDO2. */
export const U2F = { protocol: 'u2f', transport: 'usb', automaticPresenceSimulation: true } as const

type Device = typeof PLATFORM | typeof U2F

/** Gives the page's browser a device of passkeys. */
export async function plugIn(page: Page, options: Device = PLATFORM) {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  const device = await devtools.send('WebAuthn.addVirtualAuthenticator', { options })
  return {
    credentials: async () => (await devtools.send('WebAuthn.getCredentials', device)).credentials,
    verify: (isUserVerified: boolean) =>
      devtools.send('WebAuthn.setUserVerified', { ...device, isUserVerified }),
  }
}
