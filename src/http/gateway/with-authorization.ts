import type { Transport } from './transport.ts'

/** Requests with the one credential that this server has upstream, in place of a token of the caller's. */
export function withAuthorization(transport: Transport, authorization: string | undefined): Transport {
  return {
    send(request, reader) {
      const headers: string[] = []
      for (let at = 0; at < request.headers.length; at += 2) {
        const name = request.headers[at] as string
        if (name !== 'authorization') headers.push(name, request.headers[at + 1] as string)
      }
      if (authorization !== undefined) headers.push('authorization', authorization)
      transport.send({ ...request, headers }, reader)
    },
  }
}
