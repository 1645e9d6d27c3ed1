/** Chooses among several upstreams: by host name, else by the organization of the request. */
import type { IncomingMessage, RequestListener } from 'node:http'
import type { Gateway } from './gateway.ts'
import { MisdirectedRequestError } from './misdirected-request.ts'

export interface FrontedGateway extends Gateway {
  /** In lower case, without a port. Requests to these hosts go to this upstream alone. */
  readonly hosts: readonly string[]
  /** Name or id; undefined for an upstream that has every organization that no other one has. */
  readonly organization: string | undefined
}

/** Names and ids of the organization that a request is for; empty if the request does not show it. */
export type OrganizationsOf = (request: IncomingMessage) => Promise<readonly string[]>

/**
 * The front does not decide rights: each upstream checks them for its own organization, so a client that chooses another
 * one by `Host` gains nothing. A request that comes to no upstream's host name is refused if its organization belongs to
 * an upstream that has host names: another upstream would store its points where its users do not find them.
 */
export function createFront(
  gateways: readonly FrontedGateway[],
  organizationsOf: OrganizationsOf,
): Pick<Gateway, 'takes' | 'handle'> {
  const withoutHosts = gateways.filter(({ hosts }) => hosts.length === 0)
  const [only] = gateways
  if (only && gateways.length === 1 && withoutHosts.length === 1) return only

  /** The upstreams that could answer, and those whose organizations must be asked for if they have host names. */
  function candidates(request: IncomingMessage): Candidates {
    const host = hostOf(request.headers.host)
    const taking = gateways.filter((each) => each.takes(request))
    const named = host === undefined ? [] : gateways.filter(({ hosts }) => hosts.includes(host))
    if (named.length > 0) return { able: taking.filter((each) => named.includes(each)), elsewhere: [] }
    return {
      able: taking.filter(({ hosts }) => hosts.length === 0),
      elsewhere: taking.filter(({ hosts, organization }) => hosts.length > 0 && organization !== undefined),
    }
  }

  const handle: RequestListener = (request, response) => {
    const { able, elsewhere } = candidates(request)
    const [first, ...others] = able
    if (!first) {
      response.destroy()
      return
    }
    if (others.length === 0 && elsewhere.length === 0) {
      first.handle(request, response)
      return
    }
    organizationsOf(request)
      // Without credentials that tell, the upstream that is asked refuses the request.
      .catch((): readonly string[] => [])
      .then((names) => {
        const has = ({ organization }: FrontedGateway) =>
          organization !== undefined && names.includes(organization)
        const owner = able.find(has)
        const owners = owner ? [] : elsewhere.filter(has)
        if (owners.length > 0) {
          const hosts = owners.flatMap((each) => each.hosts)
          first.refuse(request, response, new MisdirectedRequestError(owners[0]?.organization ?? '', hosts))
          return
        }
        const chosen = owner ?? able.find(({ organization }) => organization === undefined) ?? first
        chosen.handle(request, response)
      })
  }

  return { takes: (request) => candidates(request).able.length > 0, handle }
}

interface Candidates {
  readonly able: readonly FrontedGateway[]
  readonly elsewhere: readonly FrontedGateway[]
}

function hostOf(header: string | undefined): string | undefined {
  return header?.toLowerCase().replace(/:\d*$/, '')
}
