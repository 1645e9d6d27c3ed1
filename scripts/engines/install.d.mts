export type EngineName = 'postgres' | 'redis' | 'haproxy' | 'nginx' | 'chromium'

/** Installs missing programs if possible and returns those that stay missing. Throws if one does and CI=true. */
export function installEngines(
  names?: readonly EngineName[],
  options?: { env?: Record<string, string | undefined>; say?: (sentence: string) => void },
): EngineName[]

/** The path of a Chromium; undefined if there is none. */
export function chromiumPath(): string | undefined

/** Looks on the path and in /usr/sbin, where Debian has programs for root. */
export function programPath(name: string): string | undefined
