/** Authorizations upstream that carry the rights of a caller of Sluice. */
import type { UpstreamTokens } from '../../domain/records/upstream.ts'
import { fieldsOf, idOf, listOf, textOf, timeOf } from './answers.ts'
import type { Influxdb2Client } from './client.ts'

const AUTHORIZATIONS = '/api/v2/authorizations'
/** InfluxDB lists all in one answer and looks up user and organization of each: seconds for thousands. */
const LIST_TIMEOUT_MS = 120_000

export function createInfluxdb2Tokens(client: Pick<Influxdb2Client, 'send' | 'find'>): UpstreamTokens {
  return {
    async mint({ userID, orgID, permissions, description }) {
      const made = await client.send('POST', AUTHORIZATIONS, {
        json: { status: 'active', userID, orgID, description, permissions },
      })
      return { id: idOf(made), token: textOf(made, 'token') }
    },
    async remove(id) {
      await client.find('DELETE', `${AUTHORIZATIONS}/${id}`)
    },
    async exists(id) {
      return (await client.find('GET', `${AUTHORIZATIONS}/${id}`)) !== undefined
    },
    async described(prefix) {
      const answer = await client.send('GET', AUTHORIZATIONS, { timeoutMs: LIST_TIMEOUT_MS })
      return listOf(answer, 'authorizations')
        .filter((each) => {
          const { description } = fieldsOf(each)
          return typeof description === 'string' && description.startsWith(prefix)
        })
        .map((each) => ({
          id: idOf(each),
          description: textOf(each, 'description'),
          createdAt: timeOf(each, 'createdAt'),
        }))
    },
  }
}
