import { invalid } from '../../../domain/base/errors.ts'
import { isExactNumber, parseExactly } from '../exact-json.ts'

/**
 * The values of `params`, serialized again; undefined without any. InfluxDB takes objects too, some of which name a database
 * (`{"identifier": "b"}`), so only numbers, texts, true and false pass. Throws `invalid` for anything else.
 */
export function boundValues(params: string | undefined): string | undefined {
  if (!params) return undefined
  if (params.length > LONGEST) throw invalid(`params is longer than ${LONGEST} characters`)
  let parsed: unknown
  try {
    parsed = parseExactly(params)
  } catch (error) {
    throw invalid('params is no JSON', { cause: error })
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw invalid('params must be a JSON object of names and values')
  }
  for (const [name, value] of Object.entries(parsed)) {
    const isPlain = ['string', 'boolean'].includes(typeof value) || isExactNumber(value)
    if (!isPlain || !NAME.test(name)) {
      throw invalid('each value of params must be a number, a text, true or false, with a plain name')
    }
  }
  return JSON.stringify(parsed)
}

/** To read a longer one would keep this server from others. */
const LONGEST = 65_536
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/
