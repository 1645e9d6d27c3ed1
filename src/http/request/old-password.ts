import { invalid } from '../../domain/base/errors.ts'
import { readBasic, readToken } from './credentials.ts'

/** The old password, which comes as Basic credentials; as in InfluxDB, the name beside it is not looked at. */
export function readOldPassword(authorization: string | undefined): Uint8Array {
  const credentials = readBasic(authorization)
  if (credentials) return credentials.password
  throw invalid(
    readToken(authorization) === undefined
      ? 'send the old password as Basic credentials in the Authorization header, beside the session cookie'
      : 'a token leaves no room for the old password in the Authorization header; sign in, and send the old password as Basic credentials beside the session cookie',
  )
}
