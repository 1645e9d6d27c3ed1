import type { AskedLogin } from './asked-login.ts'

/** What happened, for metrics. */
export type LoginOutcome = 'begun' | 'approved' | 'denied' | 'issued' | 'refused'
export type CountLogin = (way: AskedLogin['kind'], outcome: LoginOutcome) => void
