/** Tokens chosen by the client, for provisioning: they must be hard to guess and safe to send in a header. */
import { invalid } from '../base/errors.ts'

/** Printable ASCII without blanks, which `Authorization: Token` carries unchanged (RFC 9110, 5.5). */
const CARRIED = /^[!-~]+$/
const SHORTEST = 32
/** Shorter at setup: it runs once, by the operator, and InfluxDB's own examples use short tokens. */
const SHORTEST_OF_OPERATOR = 16
const LONGEST = 1024

/** Returns the chosen token of an authorization, or throws `invalid` without the token in the message. */
export const chosenSecret = (token: string): string => checked(token, SHORTEST)

/** Returns the operator token chosen at setup, or throws `invalid` without the token in the message. */
export const chosenOperatorSecret = (token: string): string => checked(token, SHORTEST_OF_OPERATOR)

function checked(token: string, shortest: number): string {
  if (!CARRIED.test(token)) {
    throw invalid('a chosen token may have letters, digits and punctuation of ASCII only, without blanks')
  }
  if (token.length < shortest || token.length > LONGEST) {
    throw invalid(`a chosen token must have ${shortest} to ${LONGEST} characters`)
  }
  return token
}
