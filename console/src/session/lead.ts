/**
 * Why the server led a person from the UI of InfluxDB to the sign-in page here. That UI shows the same text for every
 * refusal, so this page says what it was.
 */
export interface Lead {
  /** `password`: a new password is due. `wait`: too many sign-ins failed. */
  readonly lead?: 'password' | 'wait'
  /** How long to wait; as text, because it is a parameter of the address. */
  readonly seconds?: string
}

const LONGEST_WAIT = 86_400

/** The lead in the parameters of an address; empty without one. */
export function leadIn({ lead, seconds }: Readonly<Record<string, unknown>>): Lead {
  if (lead === 'password') return { lead }
  const given = Number(seconds)
  return lead === 'wait' && given > 0 && given <= LONGEST_WAIT ? { lead, seconds: String(given) } : {}
}
