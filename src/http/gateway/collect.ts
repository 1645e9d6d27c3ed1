/** Reads a whole answer of upstream into memory. */
import type { ServerResponse } from 'node:http'
import { invalid } from '../../domain/base/errors.ts'
import type { ListAnswer } from './merged-list.ts'
import { GatewayFailure } from './relay.ts'
import type { AnswerControl, Transport, UpstreamRequest } from './transport.ts'

/** How many bytes several answers may have together. */
export interface ByteBudget {
  left: number
}

/**
 * Rejects with `GatewayFailure` if upstream fails or the client, if there is one, goes away, and with `invalid` if the answer is larger
 * than what is left of the budget, with `tooMuch` as its message; then it reads no further from upstream.
 */
export function collect(
  transport: Transport,
  request: UpstreamRequest,
  {
    client,
    budget,
    tooMuch,
  }: {
    readonly client: ServerResponse | undefined
    readonly budget: ByteBudget
    readonly tooMuch: string
  },
): Promise<ListAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<ListAnswer>()
  let control: AnswerControl | undefined
  let head: Omit<ListAnswer, 'body'> | undefined
  const chunks: Buffer[] = []
  const abort = () => control?.abort()
  client?.once('close', abort)
  const settled = () => client?.off('close', abort)
  transport.send(request, {
    onStart(given) {
      control = given
      if (client?.destroyed) given.abort()
    },
    onHead(status, headers, message) {
      head = { status, headers, message }
    },
    onData(chunk) {
      chunks.push(chunk)
      budget.left -= chunk.length
      if (budget.left >= 0) return
      settled()
      reject(invalid(tooMuch))
      abort()
    },
    onEnd() {
      settled()
      resolve({ ...(head as Omit<ListAnswer, 'body'>), body: Buffer.concat(chunks) })
    },
    onFailure(failure) {
      settled()
      reject(new GatewayFailure(failure))
    },
  })
  return promise
}
