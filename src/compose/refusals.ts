import type { FastifyRequest } from 'fastify'
import type { AuditTrail } from '../domain/audit/audit-trail.ts'
import { actorOf } from '../domain/audit/done-event.ts'
import type { SluiceError } from '../domain/base/errors.ts'
import { ForgeryError } from '../http/protection/forgery.ts'

/** A refusal that a service has counted itself says more about whom it concerns, so it is not counted again. */
export function noteRefusal(
  audit: Pick<AuditTrail, 'refuse' | 'hasCounted'>,
  error: SluiceError,
  request: FastifyRequest,
  op: string,
): void {
  const { authorization, cookie } = request.headers
  const isAnonymous = !request.principal && !authorization && !cookie
  if (audit.hasCounted(error) || (isAnonymous && !(error instanceof ForgeryError))) return
  audit.refuse(error, {
    event: 'access',
    actor: request.principal ? actorOf(request.caller()) : {},
    target: { type: 'route', name: op, orgID: error.orgID },
    origin: request.origin(),
  })
}
