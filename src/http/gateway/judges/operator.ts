import { requireOperator } from '../../../domain/access/principal.ts'
import type { Judge } from '../arrival.ts'

/** For what tells of the whole server. */
export function judgeOperator(next: Judge): Judge {
  return (arrival) => {
    requireOperator(arrival.caller.principal, 'read')
    return next(arrival)
  }
}
