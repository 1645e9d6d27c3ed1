/** The path of a proxy below which the whole server is. */
import type { Loaded } from './load.ts'
import type { Settings, Sources } from './settings.ts'

/** Without a slash at its end, such as `/sluice`; empty if the server is at the root of its host. */
export function basePathOf({ basePath, publicUrl }: Pick<Settings, 'basePath' | 'publicUrl'>): string {
  const path = basePath ?? pathOf(publicUrl) ?? ''
  return path.replace(/\/$/, '')
}

/** Whether the cookie lasts as long as the session can: only if browsers send it to more than this server's API. */
export function cookieLastsLongest(settings: Settings): boolean {
  const { sessionCookieLifetime: lifetime, sessionCookieDomain: domain, sessionCookiePath: path } = settings
  if (lifetime !== 'auto') return lifetime === 'longest'
  return domain !== undefined || !path.startsWith(`${basePathOf(settings)}/api`)
}

/** The path of a URL that can be read; a rule refuses others. */
export function pathOf(url: string | undefined): string | undefined {
  return url !== undefined && URL.canParse(url) ? new URL(url).pathname : undefined
}

/** Unless set, the path of the cookie lies below the base path, or browsers would not send it. */
export function followBasePath(loaded: Loaded<Settings, Sources>): Loaded<Settings, Sources> {
  const { settings, sources } = loaded
  const base = basePathOf(settings)
  if (base === '' || sources.sessionCookiePath !== 'default') return loaded
  return Object.freeze({
    settings: Object.freeze({ ...settings, sessionCookiePath: base + settings.sessionCookiePath }),
    sources: Object.freeze({ ...sources, sessionCookiePath: 'follows base-path' }),
  })
}
