/** Which part judges each kind of request that the gateway takes. */
import type { Comparison } from '../domain/upstream/comparison.ts'
import type { GatewayDeps } from '../http/gateway/gateway.ts'
import { judgeBucketInBody } from '../http/gateway/judges/bucket-in-body.ts'
import { judgeEndpoint } from '../http/gateway/judges/endpoint-in-body.ts'
import { type FluxDeps, judgeQuery, judgeStoredText, judgeTemplate } from '../http/gateway/judges/flux.ts'
import { judgeLabel } from '../http/gateway/judges/label.ts'
import { judgeLegacyQuery, judgeLegacyWrite } from '../http/gateway/judges/legacy.ts'
import { judgeOperator } from '../http/gateway/judges/operator.ts'
import { judgeRemote } from '../http/gateway/judges/remote.ts'
import { judgeResource, judgeThen, refuse } from '../http/gateway/judges/resource.ts'
import { judgeStoredFlux, type StoredFluxDeps } from '../http/gateway/judges/stored-flux.ts'
import { judgeDelete, judgeWrite } from '../http/gateway/judges/write.ts'

export function judgesOf(
  deps: StoredFluxDeps & FluxDeps & { readonly comparison: Pick<Comparison, 'soon'> | undefined },
): GatewayDeps['judges'] {
  const resource = judgeResource(deps)
  const compareSoon = () => deps.comparison?.soon()
  return {
    resource,
    write: judgeWrite(deps.buckets),
    delete: judgeDelete(deps.buckets),
    flux: judgeQuery(deps),
    'legacy-write': judgeLegacyWrite,
    'legacy-query': judgeLegacyQuery,
    'runs-flux': judgeStoredFlux(deps, judgeEndpoint(deps, judgeStoredText(deps))),
    'text-of-flux': judgeStoredText(deps),
    template: judgeThen(judgeStoredFlux(deps, judgeTemplate(deps)), compareSoon),
    'bucket-in-body': judgeBucketInBody(deps),
    label: judgeLabel(deps, resource),
    remote: judgeRemote(deps, resource),
    'dbrp-mapping': judgeThen(resource, compareSoon),
    operator: judgeOperator(resource),
    refused: refuse,
  }
}
