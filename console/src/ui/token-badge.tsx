import { serverNow } from '../api/client.ts'
import { texts } from '../texts/all.ts'
import { stateOf, type Token } from './token-state.ts'

const LOOKS = { active: 'good', disabled: 'warn', expired: 'bad' } as const

export function TokenBadge({ token }: { token: Token }) {
  const state = stateOf(token, serverNow())
  return <span className={`badge ${LOOKS[state]}`}>{texts.tokens.statuses[state]}</span>
}
