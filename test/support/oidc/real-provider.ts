/** oidc-provider, a certified OpenID provider, in this process: with its own pages for signing in. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Provider } from 'oidc-provider'
import type { Page } from 'playwright-core'
import { CLIENT_ID, CLIENT_SECRET } from './issuer.ts'

/** As oidc-provider spells it. */
const ACCOUNT = 'accountId'

export interface RealProvider {
  readonly url: string
  /** By the name with which a person signs in; any password is right. */
  readonly people: Map<string, Record<string, unknown>>
  stop(): Promise<void>
}

/** Signs in on the provider's own pages, and agrees that this client learns who it is. */
export async function fillInProvider(page: Page, name: string): Promise<void> {
  await page.locator('input[name=login]').fill(name)
  await page.locator('input[name=password]').fill('any')
  await page.locator('button[type=submit]').click()
  await page.getByRole('button', { name: 'Continue' }).click()
}

/** @param publicUrl of the server that signs in here, as the provider `corp` */
export async function startRealProvider(publicUrl: string): Promise<RealProvider> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Another site than 127.0.0.1, so that cookies are as strict as with a provider elsewhere.
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  const people = new Map<string, Record<string, unknown>>()
  const path = `${publicUrl}/api/v2/signin/oidc/corp`
  const provider = new Provider(url, {
    clients: [
      {
        ...{ client_id: CLIENT_ID, client_secret: CLIENT_SECRET, redirect_uris: [`${path}/callback`] },
        grant_types: ['authorization_code', 'refresh_token'],
        post_logout_redirect_uris: [`${publicUrl}/signin?out=1`],
        backchannel_logout_uri: `${path}/backchannel-logout`,
        backchannel_logout_session_required: true,
      },
    ],
    claims: {
      openid: ['sub', 'groups'],
      profile: ['preferred_username'],
      email: ['email', 'email_verified'],
    },
    features: {
      devInteractions: { enabled: true },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: { enabled: true },
    },
    issueRefreshToken: async () => true,
    // The library refuses to call addresses of this machine.
    fetch: (address: string, { dispatcher: _, ...options }: RequestInit & { dispatcher?: unknown }) =>
      fetch(address, options),
    findAccount: (_context: unknown, id: string) => ({
      ...Object.fromEntries([[ACCOUNT, id]]),
      claims: async () => ({ sub: id, ...people.get(id) }),
    }),
    pkce: { required: () => true },
    cookies: { keys: ['a key of these tests'] },
  })
  provider.on('server_error', (_context: unknown, error: Error) => {
    process.stderr.write(`oidc-provider: ${error.stack}\n`)
  })
  server.on('request', provider.callback())
  return {
    ...{ url, people },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
