/** Remote connections: a change of one decides to which server InfluxDB copies buckets. */
import { may } from '../../../domain/access/principal.ts'
import { forbidden } from '../../../domain/base/errors.ts'
import { parseID } from '../../../domain/base/id.ts'
import { formatPermission, permission } from '../../../domain/records/permission.ts'
import type { Judge } from '../arrival.ts'
import type { ResourceDeps } from './resource.ts'

/**
 * The caller must be allowed to read all buckets of the remote's organization: else a token that may write remotes,
 * and little else, could copy what it cannot read. Upstream answers for a remote that does not exist.
 */
export function judgeRemote({ resources }: Pick<ResourceDeps, 'resources'>, next: Judge): Judge {
  return async (arrival) => {
    const found = await resources.find('remotes', parseID(arrival.route.id ?? ''))
    if (found) {
      const { orgID } = found
      const wanted = permission('read', 'buckets', { orgID })
      if (!may(arrival.caller.principal, wanted)) {
        throw forbidden(
          'beyond-own-rights',
          `changing it decides where InfluxDB copies buckets, and you lack ${formatPermission(wanted)}`,
          { orgID },
        )
      }
    }
    return next(arrival)
  }
}
