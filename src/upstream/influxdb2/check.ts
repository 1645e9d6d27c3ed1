/** What InfluxDB 2 says of itself. */
import { SluiceError } from '../../domain/base/errors.ts'
import type { UpstreamCheck } from '../../domain/records/upstream.ts'
import { fieldsOf } from './answers.ts'
import { certificateProblemOf } from './certificate-problem.ts'
import type { Influxdb2Client } from './client.ts'
import { TokenRefusedError } from './failure.ts'

const READY_TIMEOUT_MS = 5000

export function createInfluxdb2Check(
  { send, find }: Pick<Influxdb2Client, 'send' | 'find'>,
  { isTls = false } = {},
): UpstreamCheck {
  return {
    async readiness() {
      try {
        // /health answers before the API does.
        const ready = await send('GET', '/ready', { withoutToken: true, timeoutMs: READY_TIMEOUT_MS })
        return fieldsOf(ready).status === 'ready' ? 'ready' : 'away'
      } catch (error) {
        if (error instanceof SluiceError) return certificateProblemOf(error, { isTls }) ?? 'away'
        throw error
      }
    },
    async configuration() {
      try {
        // For operators alone, whose token has every permission there is.
        const answer = await find('GET', '/api/v2/config')
        if (answer === undefined) return undefined
        const hardened = fieldsOf(fieldsOf(answer).config)['hardening-enabled']
        return { isOperator: true, isHardened: typeof hardened === 'boolean' ? hardened : undefined }
      } catch (error) {
        if (error instanceof TokenRefusedError) return { isOperator: false, isHardened: undefined }
        throw error
      }
    },
  }
}
