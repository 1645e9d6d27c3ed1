/** Forwards one list to upstream once for each of the caller's organizations. */
import type { ServerResponse } from 'node:http'
import type { ID } from '../../domain/base/id.ts'
import { inLanes } from '../../domain/base/in-lanes.ts'
import type { MaybePromise } from '../../domain/base/maybe-promise.ts'
import { type MintedToken, tokenGone } from '../../domain/gateway/minted-tokens.ts'
import { collect } from './collect.ts'
import type { GatewayDeps } from './gateway.ts'
import type { ListAnswer } from './merged-list.ts'
import type { UpstreamRequest } from './transport.ts'

/** How many organizations are asked for at one time. */
const LANES = 4
/** The most bytes of all answers together, because they are held in memory. */
const MOST_BYTES = 8 * 1024 * 1024
const TOO_MUCH = 'what your organizations have is too much for one answer; name one with orgID'

/**
 * The answers, in the order of the organizations, without those in which the caller may do nothing. Rejects as `collect`
 * does.
 */
export async function askSeveral(
  organizations: readonly ID[],
  options: Pick<GatewayDeps, 'transport' | 'tokens' | 'tokenExists'> & {
    readonly client: ServerResponse
    /** `isAgain` after upstream did not know the first: then the caller's rights may have changed. */
    readonly mint: (orgID: ID, isAgain: boolean) => MaybePromise<MintedToken | undefined>
    readonly requestWith: (minted: MintedToken) => UpstreamRequest
  },
): Promise<ListAnswer[]> {
  const { transport, tokens, tokenExists, client, mint, requestWith } = options
  const budget = { left: MOST_BYTES }

  async function ask(orgID: ID): Promise<ListAnswer | undefined> {
    for (let isAgain = false; ; isAgain = true) {
      const minted = await mint(orgID, isAgain)
      if (!minted) return undefined
      const answer = await collect(transport, requestWith(minted), { client, budget, tooMuch: TOO_MUCH })
      if (answer.status !== 401 || (await tokenExists(minted))) return answer
      tokens.discard(minted)
      if (isAgain) throw tokenGone()
    }
  }

  const answers: (ListAnswer | undefined)[] = []
  await inLanes([...organizations.entries()], LANES, async ([at, orgID]) => {
    answers[at] = await ask(orgID)
  })
  return answers.filter((answer) => answer !== undefined)
}
