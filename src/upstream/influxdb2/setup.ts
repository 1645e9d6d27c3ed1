/** Setting InfluxDB 2 up, with the operator token of the settings. */
import { createSecret } from '../../domain/base/secrets.ts'
import type { UpstreamSetup } from '../../domain/records/upstream.ts'
import { fieldsOf, idOf } from './answers.ts'
import type { Influxdb2Client } from './client.ts'
import { strangeAnswer } from './failure.ts'
import { bucketsOf } from './identities.ts'

const SETUP = '/api/v2/setup'
/** InfluxDB refuses passwords of more bytes. */
const LONGEST_PASSWORD = 72

export function createInfluxdb2Setup(
  { send }: Pick<Influxdb2Client, 'send'>,
  { token }: { readonly token: string },
): UpstreamSetup {
  return {
    async isAllowed() {
      const { allowed } = fieldsOf(await send('GET', SETUP, { withoutToken: true }))
      if (typeof allowed === 'boolean') return allowed
      throw strangeAnswer('upstream does not say whether it is set up')
    },
    async run({ username, org, bucket, retentionSeconds: retentionPeriodSeconds }) {
      // The password is not kept: people sign in at Sluice, and Sluice uses the token.
      const password = createSecret().slice(0, LONGEST_PASSWORD)
      const json = { username, password, org, bucket, retentionPeriodSeconds, token }
      const made = fieldsOf(await send('POST', SETUP, { json, withoutToken: true }))
      const id = idOf(made.org)
      const buckets = await bucketsOf({ send }, id)
      return {
        userID: idOf(made.user),
        organization: { id, buckets: buckets.filter(({ type }) => type === 'system') },
        bucketID: idOf(made.bucket),
      }
    },
  }
}
