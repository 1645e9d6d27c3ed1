/** What the address of the sign-in page says about providers: where the browser comes from, and what happens next. */
export interface Arrival {
  /** Why the sign-in through a provider failed. */
  readonly problem?: string
  /** The second factor is due. */
  readonly step?: 'second-factor'
  /** By what that step can be taken, such as `passkey,totp`. */
  readonly factors?: string
  /** The person asked for the form, so no provider is opened by itself. */
  readonly local?: ''
  /** The person has signed out, so no provider is opened by itself. */
  readonly out?: '1'
}

/** How linking an identity at a provider went, in the address of the account page. */
export interface Linking {
  readonly problem?: string
  /** The provider's name. */
  readonly linked?: string
}

export function linkingIn({ linked, ...given }: Readonly<Record<string, unknown>>): Linking {
  const { problem } = arrivalIn(given)
  return {
    ...(problem === undefined ? {} : { problem }),
    ...(typeof linked === 'string' && /^[a-z0-9-]{1,32}$/.test(linked) ? { linked } : {}),
  }
}

/** Those in the parameters of an address; empty without any. */
export function arrivalIn(given: Readonly<Record<string, unknown>>): Arrival {
  const { problem, step, factors, local, out } = given
  return {
    ...(typeof problem === 'string' && /^[a-z-]{1,32}$/.test(problem) ? { problem } : {}),
    ...(step === 'second-factor' ? { step } : {}),
    ...(typeof factors === 'string' && /^[a-z,-]{1,64}$/.test(factors) ? { factors } : {}),
    ...(local === undefined ? {} : { local: '' }),
    ...(out === undefined ? {} : { out: '1' }),
  }
}
