/** The "databases" of VictoriaMetrics: the values of the label `db`. They come with the first point and need no making. */
import { unavailable, unprocessable } from '../../domain/base/errors.ts'
import type { UpstreamDatabases } from '../../domain/records/upstream-databases.ts'
import type { Exchange } from '../exchange/exchange.ts'

const FORM = 'application/x-www-form-urlencoded'

export function createVictoriametricsDatabases(exchange: Exchange): UpstreamDatabases {
  return {
    async isReady() {
      return exchange.send('GET', '/health').then(
        ({ status }) => status === 200,
        () => false,
      )
    },
    async list() {
      const { status, text } = await exchange.send('GET', '/api/v1/label/db/values?start=0')
      if (status !== 200) throw unprocessable(`VictoriaMetrics refused it: it answered ${status}`)
      return valuesIn(text).map((name) => ({ name, retentionSeconds: 0 }))
    },
    create: async () => false,
    setRetention: async () => {},
    async drop(name) {
      const parameters = new URLSearchParams({ 'match[]': `{db=${JSON.stringify(name)}}` })
      const body = { contentType: FORM, text: parameters.toString() }
      const { status } = await exchange.send('POST', '/api/v1/admin/tsdb/delete_series', body)
      if (status >= 300) throw unprocessable(`VictoriaMetrics refused it: it answered ${status}`)
    },
  }
}

function valuesIn(text: string): readonly string[] {
  try {
    const { data } = JSON.parse(text) as { data: readonly unknown[] }
    return data.map(String)
  } catch (error) {
    throw unavailable('a server behind this one gave an answer that cannot be read', { cause: error })
  }
}
