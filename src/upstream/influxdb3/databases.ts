/** The databases of an InfluxDB 3 Core, by `/api/v3/configure/database` (influxdb3_types/src/http.rs). */
import { unprocessable } from '../../domain/base/errors.ts'
import type { UpstreamDatabases } from '../../domain/records/upstream-databases.ts'
import { isAnswered, readAnswer } from '../exchange/answers.ts'
import type { Exchange } from '../exchange/exchange.ts'

const PATH = '/api/v3/configure/database'
const CONFLICT = 409
const NOT_FOUND = 404

export function createInfluxdb3Databases(exchange: Exchange): UpstreamDatabases {
  function require(status: number, ...allowed: readonly number[]): void {
    if ((status >= 200 && status < 300) || allowed.includes(status)) return
    throw unprocessable(`InfluxDB refused it: it answered ${status}`)
  }
  const put = (method: 'POST' | 'PUT', body: object) =>
    exchange.send(method, PATH, { contentType: 'application/json', text: JSON.stringify(body) })

  return {
    isReady: () => isAnswered(exchange, '/health', [200]),
    async list() {
      const { status, text } = await exchange.send('GET', `${PATH}?format=json&show_deleted=false`)
      require(status)
      return namesIn(text)
        .filter((name) => name !== '_internal')
        .map((name) => ({ name, retentionSeconds: undefined }))
    },
    async create({ name, retentionSeconds }) {
      const kept = retentionSeconds === 0 ? {} : { retention_period: `${retentionSeconds}s` }
      const { status } = await put('POST', { db: name, ...kept })
      require(status, CONFLICT)
      return status !== CONFLICT
    },
    async setRetention({ name, retentionSeconds }) {
      const kept = retentionSeconds === 0 ? {} : { retention_period: `${retentionSeconds}s` }
      require((await put('PUT', { db: name, ...kept })).status)
    },
    async drop(name) {
      const { status } = await exchange.send('DELETE', `${PATH}?${new URLSearchParams({ db: name })}`)
      require(status, NOT_FOUND)
    },
  }
}

function namesIn(text: string): readonly string[] {
  return readAnswer(text, (rows) =>
    (rows as readonly Readonly<Record<string, unknown>>[]).map((row) => String(row['iox::database'])),
  )
}
