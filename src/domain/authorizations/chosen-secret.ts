/** Tokens that a client chooses, for provisioning: they must be hard to guess, and a header must carry them. */
import { invalid } from '../base/errors.ts'

/** Printable ASCII without blanks: what `Authorization: Token` carries unchanged (RFC 9110, 5.5). */
const CARRIED = /^[!-~]+$/
const SHORTEST = 32
/** Setup runs once, by an operator, and InfluxDB's own examples choose short tokens. */
const SHORTEST_OF_OPERATOR = 16
const LONGEST = 1024

/** A chosen token of an authorization; throws `invalid`, never repeating it. */
export const chosenSecret = (token: string): string => checked(token, SHORTEST)

/** The operator token chosen at setup; throws `invalid`, never repeating it. */
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
