import { invalid } from '../domain/errors.ts'
import { readBasic } from './credentials.ts'

/** The old password, which comes as Basic credentials; as in InfluxDB, the name beside it is not looked at. */
export function readOldPassword(authorization: string | undefined): Uint8Array {
  const credentials = readBasic(authorization)
  if (!credentials) {
    throw invalid('send the old password as Basic credentials in the Authorization header')
  }
  return credentials.password
}
