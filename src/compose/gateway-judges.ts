/** Which part judges each kind of request that the gateway takes. */
import type { Comparison } from '../domain/upstream/comparison.ts'
import type { Judge } from '../http/gateway/arrival.ts'
import type { GatewayDeps } from '../http/gateway/gateway.ts'
import { judgeBucketInBody } from '../http/gateway/judges/bucket-in-body.ts'
import { judgeEndpoint } from '../http/gateway/judges/endpoint-in-body.ts'
import { type FluxDeps, judgeQuery, judgeStoredText, judgeTemplate } from '../http/gateway/judges/flux.ts'
import { judgeLabel } from '../http/gateway/judges/label.ts'
import { judgeLegacyQuery, judgeLegacyWrite } from '../http/gateway/judges/legacy.ts'
import { judgeMember } from '../http/gateway/judges/member.ts'
import { judgeOperator } from '../http/gateway/judges/operator.ts'
import { judgeRemote } from '../http/gateway/judges/remote.ts'
import { judgeResource, judgeThen, refuse } from '../http/gateway/judges/resource.ts'
import { judgeSameOrganization } from '../http/gateway/judges/same-organization.ts'
import { judgeStoredFlux, type StoredFluxDeps } from '../http/gateway/judges/stored-flux.ts'
import { judgeDelete, judgeWrite } from '../http/gateway/judges/write.ts'

export function judgesOf(
  deps: StoredFluxDeps & FluxDeps & { readonly comparison: Pick<Comparison, 'soon'> | undefined },
): GatewayDeps['judges'] {
  const within = (next: Judge) => judgeSameOrganization(deps, next)
  const resource = within(judgeResource(deps))
  const storedText = within(judgeStoredText(deps))
  const compareSoon = () => deps.comparison?.soon()
  return {
    resource,
    write: judgeWrite(deps.buckets),
    delete: judgeDelete(deps.buckets),
    flux: judgeQuery(deps),
    'legacy-write': judgeLegacyWrite,
    'legacy-query': judgeLegacyQuery,
    'runs-flux': judgeStoredFlux(deps, judgeEndpoint(deps, storedText)),
    'text-of-flux': storedText,
    template: judgeThen(judgeStoredFlux(deps, judgeTemplate(deps)), compareSoon),
    'bucket-in-body': within(judgeBucketInBody(deps)),
    label: judgeLabel(deps, resource),
    member: judgeMember(deps, resource),
    remote: judgeRemote(deps, resource),
    'dbrp-mapping': judgeThen(resource, compareSoon),
    operator: judgeOperator(resource),
    refused: refuse,
  }
}
