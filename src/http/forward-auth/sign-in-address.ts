/** The page on which browsers sign in, and the addresses to which they may return (ASVS 5.0 3.7.2: listed ones only). */

export interface ReturnAddresses {
  /** The address as it is written in a `Location`, if the browser may be sent there after sign-in; else undefined. */
  safe(address: string, ownHost: string | undefined): string | undefined
}

/**
 * `hosts` are host names, maybe with a port, or `*.example.com` for every host below that name. The server's own host is
 * always allowed. By https only, if the server itself is reached by https: an address that is not would lead from a
 * protected page to an unprotected one.
 */
export function createReturnAddresses(options: {
  hosts: readonly string[]
  publicOrigin: string | undefined
}): ReturnAddresses {
  const { publicOrigin } = options
  const own = publicOrigin === undefined ? undefined : new URL(publicOrigin)
  const exact = new Set(
    options.hosts.filter((host) => !host.startsWith('*.')).map((host) => host.toLowerCase()),
  )
  const suffixes = options.hosts
    .filter((host) => host.startsWith('*.'))
    .map((host) => host.slice(1).toLowerCase())
  return {
    safe(address, ownHost) {
      if (!ADDRESS.test(address) || !URL.canParse(address)) return undefined
      const url = new URL(address)
      if (url.protocol !== 'https:' && (url.protocol !== 'http:' || own?.protocol === 'https:'))
        return undefined
      if (url.username !== '' || url.password !== '') return undefined
      const isOwn = url.host === (own?.host ?? ownHost?.toLowerCase())
      const isListed = exact.has(url.host) || suffixes.some((suffix) => url.host.endsWith(suffix))
      return isOwn || isListed ? url.href : undefined
    },
  }
}

/** No character that a browser and a parser of URLs could read in two ways. */
const ADDRESS = /^https?:\/\/[^\s\\@]+$/i

/** The sign-in page, with the address to return to if there is one. */
export function signInAddress(page: string, returnTo: string | undefined): string {
  return returnTo === undefined ? page : `${page}?return=${encodeURIComponent(returnTo)}`
}
