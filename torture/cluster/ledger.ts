/**
 * What was acknowledged, and so what every later request must find. A fact is in doubt from the moment a change is
 * sent until it is acknowledged; a request that met a change on its way is judged by nothing.
 */
export class Fact<State extends string> {
  private known: State | undefined
  private version = 0

  constructor(state?: State) {
    this.known = state
  }

  /** Undefined while it is in doubt. */
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

  /** To be asked after the answer: whether it was the same all the time. */
  watch(): () => boolean {
    const { version, known } = this
    return () => known !== undefined && this.version === version
  }
}

export interface Session {
  readonly cookie: string
  readonly isRemembered: boolean
  /** When its sign-in was acknowledged, as `performance.now()`. */
  readonly began: number
  /** `lost`: Redis lost all it had, this session with it if it was not remembered; 200 and 401 are both right. */
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
  /** A change of it was lost and may still be made by a node that was paused: nothing can be said any more. */
  isRetired: boolean
}
