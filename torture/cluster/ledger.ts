/**
 * An acknowledged fact, which every later request must find. It is in doubt from the moment a change is sent until the
 * change is acknowledged; requests concurrent with a change are not judged.
 */
export class Fact<State extends string> {
  private known: State | undefined
  private version = 0

  constructor(state?: State) {
    this.known = state
  }

  /** Undefined while in doubt. */
  get state(): State | undefined {
    return this.known
  }

  doubt(): void {
    this.version += 1
    this.known = undefined
  }

  settle(state: State): void {
    this.version += 1
    this.known = state
  }

  /** Returns a function to call after the response: whether the fact was known and unchanged throughout. */
  watch(): () => boolean {
    const { version, known } = this
    return () => known !== undefined && this.version === version
  }
}

export interface Session {
  readonly cookie: string
  readonly isRemembered: boolean
  /** When the sign-in was acknowledged, as `performance.now()`. */
  readonly began: number
  /** `lost`: Redis lost its data, including this session if it was not remembered; 200 and 401 are both right. */
  readonly fact: Fact<'alive' | 'ended' | 'lost'>
}

export interface Token {
  readonly id: string
  readonly secret: string
  readonly fact: Fact<'works' | 'deleted'>
}

export interface Person {
  readonly id: string
  readonly name: string
  sessions: Session[]
  tokens: Token[]
  readonly status: Fact<'active' | 'inactive'>
  readonly membership: Fact<'member' | 'stranger'>
  /** The outcome of a change is unknown and a paused node may still make it, so this person is no longer judged. */
  isRetired: boolean
}
