/** Debian's Chromium, driven by the Playwright library. */
import { type Browser, chromium } from 'playwright-core'
import { chromiumPath } from '../../scripts/engines/install.ts'

/** Why browser tests are skipped, or false. With CI=true they fail instead of being skipped. */
export const withoutBrowser =
  chromiumPath() === undefined &&
  process.env.CI !== 'true' &&
  'there is no Chromium (Debian: apt-get install chromium)'

/** Chromium makes no network requests on its own. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = chromiumPath()
  if (executablePath === undefined) throw new Error('there is no Chromium; install the package chromium')
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
