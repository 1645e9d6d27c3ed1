import { StatusError } from './status-error.ts'

/** The organization of a request belongs to an upstream that answers under other host names (RFC 9110, 15.5.20). */
export class MisdirectedRequestError extends StatusError {
  /** @param hosts the upstream's host names; one at least */
  constructor(organization: string, hosts: readonly string[]) {
    super(
      421,
      'not found',
      `the data of the organization ${organization} are not under this host name; send the request to ${hosts.join(' or ')}`,
      { reason: 'wrong-host' },
    )
  }
}
