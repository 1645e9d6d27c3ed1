/** Chooses among several upstreams: by host name, else by the organization of the request. */
import type { IncomingMessage, RequestListener } from 'node:http'
import type { Gateway } from './gateway.ts'

export interface FrontedGateway extends Gateway {
  /** In lower case, without a port. Requests to these hosts go to this upstream alone. */
  readonly hosts: readonly string[]
  /** Name or id; undefined for an upstream that has every organization that no other upstream has. */
  readonly organization: string | undefined
}

/** Finds out whose a request is, as far as that can be told: the names and ids that stand for its organization. */
export type OrganizationsOf = (request: IncomingMessage) => Promise<readonly string[]>

/**
 * The rights are not decided here: each upstream checks them for its own organization, so a client that chooses another
 * one by `Host` gains nothing.
 */
export function createFront(gateways: readonly FrontedGateway[], organizationsOf: OrganizationsOf): Gateway {
  const withoutHosts = gateways.filter(({ hosts }) => hosts.length === 0)
  const [only] = gateways
  if (only && gateways.length === 1 && withoutHosts.length === 1) return only

  function candidates(request: IncomingMessage): readonly FrontedGateway[] {
    const host = hostOf(request.headers.host)
    const named = host === undefined ? [] : gateways.filter(({ hosts }) => hosts.includes(host))
    return (named.length > 0 ? named : withoutHosts).filter((each) => each.takes(request))
  }

  const handle: RequestListener = (request, response) => {
    const [first, ...others] = candidates(request)
    if (!first) {
      response.destroy()
      return
    }
    if (others.length === 0) {
      first.handle(request, response)
      return
    }
    organizationsOf(request)
      // Without credentials that tell, the upstream that is asked refuses the request.
      .catch((): readonly string[] => [])
      .then((names) => {
        const all = [first, ...others]
        const chosen =
          all.find(({ organization }) => organization !== undefined && names.includes(organization)) ??
          all.find(({ organization }) => organization === undefined) ??
          first
        chosen.handle(request, response)
      })
  }

  return { takes: (request) => candidates(request).length > 0, handle }
}

function hostOf(header: string | undefined): string | undefined {
  return header?.toLowerCase().replace(/:\d*$/, '')
}
