/** The "databases" of VictoriaMetrics: the values of the label `db`. They come with the first point and need no making. */
import { unprocessable } from '../../domain/base/errors.ts'
import type { UpstreamDatabases } from '../../domain/records/upstream-databases.ts'
import { isAnswered, readAnswer } from '../exchange/answers.ts'
import { type Exchange, formOf } from '../exchange/exchange.ts'

export function createVictoriametricsDatabases(exchange: Exchange): UpstreamDatabases {
  return {
    isReady: () => isAnswered(exchange, '/health', [200]),
    async list() {
      const { status, text } = await exchange.send('GET', '/api/v1/label/db/values?start=0')
      if (status !== 200) throw unprocessable(`VictoriaMetrics refused it: it answered ${status}`)
      return valuesIn(text).map((name) => ({ name, retentionSeconds: 0 }))
    },
    create: async () => false,
    setRetention: async () => {},
    async drop(name) {
      const body = formOf({ 'match[]': `{db=${JSON.stringify(name)}}` })
      const { status } = await exchange.send('POST', '/api/v1/admin/tsdb/delete_series', body)
      if (status >= 300) throw unprocessable(`VictoriaMetrics refused it: it answered ${status}`)
    },
  }
}

function valuesIn(text: string): readonly string[] {
  return readAnswer(text, (answer) => (answer as { data: readonly unknown[] }).data.map(String))
}
