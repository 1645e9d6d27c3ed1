export type EngineName = 'postgres' | 'redis' | 'haproxy' | 'nginx'

/** Which are missing still, after what could be installed was. Throws where CI=true and one is. */
export function installEngines(
  names?: readonly EngineName[],
  options?: { env?: Record<string, string | undefined>; say?: (sentence: string) => void },
): EngineName[]

/** On the path, or where Debian has what only root needs. */
export function programPath(name: string): string | undefined
