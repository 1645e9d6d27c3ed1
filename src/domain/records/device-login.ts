/**
 * Sign-ins on a device without a browser that wait until somebody approves them elsewhere (RFC 8628). The nodes of a
 * cluster share them. Nothing in them gives access by itself: what must not be forged is sealed.
 */
export interface NewDeviceLogin {
  /** The hash of the user code, by which it is found. */
  readonly codeHash: string
  /** The hash of the device's secret. */
  readonly deviceHash: string
  /** What the device asked for, sealed. */
  readonly asked: string
}

export interface FoundDeviceLogin extends NewDeviceLogin {
  /** Somebody has approved or refused it. */
  readonly isDecided: boolean
}

/** What a device learns when it asks whether it was approved. */
export type DevicePoll =
  | { readonly kind: 'pending' }
  /** It asked too soon, and must wait 5 seconds longer between two tries from now on. */
  | { readonly kind: 'slow-down' }
  /** For the first that asks after the decision: the sealed decision, which is forgotten with the sign-in. */
  | { readonly kind: 'decided'; readonly decision: string }
  /** It has ended or never was, or the device's secret is another one. */
  | { readonly kind: 'unknown' }

/** Throws `unavailable` if the store cannot be reached or is full. */
export interface DeviceLoginStore {
  /** `false` if another one that has not ended has this code. */
  add(login: NewDeviceLogin, forMs: number): Promise<boolean>
  byCode(codeHash: string): Promise<FoundDeviceLogin | undefined>
  /** Records what was decided; `false` if it has ended or was decided before. Atomic. */
  decide(codeHash: string, decision: string): Promise<boolean>
  /** Atomic: of several that ask at once, one gets the decision. */
  poll(device: Pick<NewDeviceLogin, 'codeHash' | 'deviceHash'>): Promise<DevicePoll>
}

/** How long a device waits between two tries, and how much longer after each that came too soon (RFC 8628, 3.5). */
export const POLL_INTERVAL_MS = 5000
