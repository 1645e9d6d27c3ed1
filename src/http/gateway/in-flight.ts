import { SluiceError } from '../../domain/base/errors.ts'

/** How many requests are forwarded at one time, in all and for each user, or each subject of an outside issuer. */
export interface InFlight {
  /** Counts one more, until the function it returns is called. Throws `too many requests` at a limit. */
  begin(who: string): () => void
  count(): number
}

export function createInFlight(limits: { readonly total: number; readonly perUser: number }): InFlight {
  const ofUser = new Map<string, number>()
  let total = 0

  return {
    begin(who) {
      const own = ofUser.get(who) ?? 0
      if (own >= limits.perUser)
        throw tooMany(`a user may have ${limits.perUser} requests forwarded at one time`)
      if (total >= limits.total) throw tooMany(`${limits.total} requests are forwarded already`)
      total += 1
      ofUser.set(who, own + 1)
      let isOver = false
      return () => {
        if (isOver) return
        isOver = true
        total -= 1
        const left = (ofUser.get(who) ?? 1) - 1
        if (left === 0) ofUser.delete(who)
        else ofUser.set(who, left)
      }
    },
    count: () => total,
  }
}

function tooMany(message: string): SluiceError {
  return new SluiceError('too many requests', `${message}; try again shortly`, { retryAfterSeconds: 1 })
}
