export type EngineName = 'postgres' | 'redis' | 'haproxy' | 'nginx' | 'chromium'

/** Which are missing still, after what could be installed was. Throws where CI=true and one is. */
export function installEngines(
  names?: readonly EngineName[],
  options?: { env?: Record<string, string | undefined>; say?: (sentence: string) => void },
): EngineName[]

/** Where a Chromium is; undefined where there is none. */
export function chromiumPath(): string | undefined

/** On the path, or where Debian has what only root needs. */
export function programPath(name: string): string | undefined
