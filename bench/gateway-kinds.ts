/** Small writes in front of each kind of upstream that has databases, against the proxy that judges nothing. */
import { setUp } from './client.ts'
import { compareLoads } from './compare.ts'
import type { Load } from './load.ts'
import { type Running, startSluiceWith } from './processes.ts'
import type { Figure } from './report.ts'

const CREDENTIALS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  influxdb1: {},
  influxdb3: { SLUICE_UPSTREAM_TOKEN: 'admin-token-of-the-bench' },
  victoriametrics: {},
}

export async function benchDatabaseKinds(
  show: (figure: Figure) => void,
  { upstream, bare }: { readonly upstream: Running; readonly bare: Running },
): Promise<void> {
  for (const [kind, credentials] of Object.entries(CREDENTIALS)) {
    const sluice = await startSluiceWith({
      SLUICE_UPSTREAM_URL: `http://127.0.0.1:${upstream.port}`,
      ...{ SLUICE_UPSTREAM_KIND: kind, SLUICE_UPSTREAM_ORG: 'analytics', ...credentials },
    })
    try {
      const { operator } = await setUp(sluice.port)
      const load = (port: number): Load => ({
        ...{ port, method: 'POST', path: '/write?db=engine', body: 1000, status: 204 },
        ...{ headers: { authorization: `Token ${operator}` }, connections: 32, seconds: 0.6 },
      })
      const { base, ratios } = await compareLoads([load(bare.port), load(sluice.port)])
      const name = `writes of 1 KB in front of ${kind} against a bare undici proxy`
      const detail = `the bare proxy: ${Math.round(base)} writes a second on one core`
      show({ name, value: ratios[1] ?? 0, unit: 'ratio', atLeast: 0.75, detail })
    } finally {
      await sluice.stop()
    }
  }
}
