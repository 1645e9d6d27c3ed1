/** The dashboard and the alert rules: what they name is in the metrics of a running server. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, suite, test } from 'node:test'
import { parse } from 'yaml'
import { programPath } from '../../scripts/engines/install.ts'
import { type GatewayWorld, startGateway } from '../gateway/world.ts'
import { send } from '../support/http.ts'
import { namedIn, type Selector } from './promql.ts'

const ROOT = join(import.meta.dirname, '../..')
const FOLDER = join(ROOT, 'docs/monitoring')

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

/** Grafana's name for the name of a target. */
const REF = 'refId'
type Target = Readonly<Record<'expr' | 'legendFormat' | typeof REF, string>>

interface Panel {
  readonly id: number
  readonly title: string
  readonly type: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets?: readonly Target[]
}

interface Dashboard {
  readonly panels: readonly Panel[]
  readonly annotations: { readonly list: readonly { readonly expr: string }[] }
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly query: string | { readonly query: string } }[]
  }
}

const rules = (
  parse(readFileSync(join(FOLDER, 'alerts.yaml'), 'utf8')) as { groups: { rules: Rule[] }[] }
).groups.flatMap((group) => group.rules)
const dashboard: Dashboard = JSON.parse(readFileSync(join(FOLDER, 'grafana-dashboard.json'), 'utf8'))
const targets = dashboard.panels.flatMap((panel) => panel.targets ?? [])
/** Grafana's own variables. */
const filledIn = (expr: string) => expr.replaceAll('$__rate_interval', '5m')
const EXPRESSIONS = [
  ...rules.map(({ expr }) => expr),
  ...targets.map(({ expr }) => filledIn(expr)),
  ...dashboard.annotations.list.map(({ expr }) => expr),
]
/** Prometheus adds these to each metric, and `up` itself. */
const OF_PROMETHEUS = ['job', 'instance']

/** The metrics of a server through which some requests went: by name, the labels and their values. */
type Series = ReadonlyMap<string, ReadonlyMap<string, ReadonlySet<string>>>

suite('the dashboard and the alert rules', () => {
  let gateway: GatewayWorld
  let series: Series
  before(async () => {
    gateway = await startGateway()
    series = await seriesAfterTraffic(gateway)
  })
  after(() => gateway?.stop())

  test('name only metrics and labels that a server has, with values that occur', () => {
    const selectors: Selector[] = EXPRESSIONS.flatMap((expr) => namedIn(expr).selectors)
    assert.ok(selectors.length > 40)
    for (const { metric, matchers } of selectors) {
      const labels = metric === 'up' ? new Map<string, Set<string>>() : series.get(metric)
      assert.ok(labels, `there is no metric ${metric}`)
      for (const { label, operator, value } of matchers) {
        if (OF_PROMETHEUS.includes(label)) continue
        assert.ok(labels.has(label), `${metric} has no label ${label}`)
        // Most statuses are those of failures.
        if (label === 'status') continue
        assert.equal(operator, '=', `${metric} has a pattern for ${label}`)
        assert.ok(labels.get(label)?.has(value), `${metric} has no ${label} ${value}`)
      }
    }
  })

  test('group and title by labels that the metrics of the expression have', () => {
    for (const { expr, legendFormat = '' } of [...targets, ...rules.map(titled)]) {
      const { selectors, labels } = namedIn(filledIn(expr))
      const shown = [...legendFormat.matchAll(/\{\{ ?(?:\$labels\.)?(\w+) ?\}\}/g)].map(
        ([, label = '']) => label,
      )
      for (const label of [...labels, ...shown]) {
        const isThere = selectors.every(({ metric }) => series.get(metric)?.has(label))
        assert.ok(isThere || OF_PROMETHEUS.includes(label), `${expr} has no label ${label}`)
      }
    }
  })

  test('cover every metric of Sluice, so that a new one is thought of', () => {
    const named = new Set(EXPRESSIONS.flatMap((expr) => namedIn(expr).selectors.map(({ metric }) => metric)))
    const own = [...series.keys()].filter((name) => name.startsWith('sluice_'))
    assert.ok(own.length > 10)
    assert.deepEqual(
      own.filter((name) => !named.has(name)),
      [],
    )
  })
})

suite('the alert rules', () => {
  test('have a name, a severity and say what happened and what to do', () => {
    assert.ok(rules.length > 10)
    assert.equal(new Set(rules.map(({ alert }) => alert)).size, rules.length)
    for (const { alert, labels, annotations } of rules) {
      assert.match(alert, /^Sluice[A-Z]\w+$/)
      assert.match(labels.severity ?? '', /^(critical|warning)$/, alert)
      assert.match(annotations.summary ?? '', /\{\{ \$labels\.instance \}\}/, alert)
      assert.ok((annotations.description ?? '').length > 30, alert)
    }
  })

  const promtool = programPath('promtool')
  const skip = !promtool && process.env.CI !== 'true' && 'there is no promtool (Debian: prometheus)'
  test('are right for Prometheus and fire when they should, by promtool', { skip }, () => {
    for (const args of [
      ['check', 'rules', join(FOLDER, 'alerts.yaml')],
      ['test', 'rules', join(import.meta.dirname, 'alerts.test.yaml')],
    ]) {
      const { status, stdout, stderr } = spawnSync(promtool ?? 'promtool', args, { encoding: 'utf8' })
      assert.equal(status, 0, stdout + stderr)
    }
  })

  test('have a test each, in which they fire', () => {
    const tests = readFileSync(join(import.meta.dirname, 'alerts.test.yaml'), 'utf8')
    for (const { alert } of rules) assert.ok(tests.includes(`alertname="${alert}"`), alert)
  })
})

suite('the dashboard', () => {
  test('has panels with ids, titles and targets of their own', () => {
    const { panels } = dashboard
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length)
    for (const { title, type, targets: its = [] } of panels) {
      assert.ok(title !== '')
      assert.equal(its.length > 0, type !== 'row', title)
      assert.equal(new Set(its.map((each) => each[REF])).size, its.length, title)
    }
  })

  test('has panels that fit into its 24 columns and do not overlap', () => {
    const taken = new Map<string, string>()
    for (const { title, gridPos } of dashboard.panels) {
      const { x, y, w, h } = gridPos
      assert.ok(w > 0 && h > 0 && x >= 0 && x + w <= 24, title)
      for (let cell = 0; cell < w * h; cell++) {
        const at = `${x + (cell % w)},${y + Math.floor(cell / w)}`
        assert.equal(taken.get(at), undefined, `${title} lies on ${taken.get(at)}`)
        taken.set(at, title)
      }
    }
  })

  test('reads only from the data source and the servers that are chosen', () => {
    const text = JSON.stringify(dashboard)
    assert.deepEqual(
      dashboard.templating.list.map(({ name }) => name),
      ['datasource', 'instance'],
    )
    assert.deepEqual([...new Set(text.match(/"uid":"\$[^"]*"/g))], [`"uid":"\${datasource}"`])
    for (const { expr } of targets) {
      for (const { metric, matchers } of namedIn(filledIn(expr)).selectors) {
        assert.ok(
          matchers.some(({ label, value }) => label === 'instance' && value === '$instance'),
          `${metric} in ${expr}`,
        )
      }
    }
  })
})

function titled({ expr, annotations }: Rule): { expr: string; legendFormat: string } {
  return { expr, legendFormat: Object.values(annotations).join(' ').replaceAll('{{ $value', '{{$value') }
}

/** Makes requests of every class, and sign-ins of some outcomes, so that their series are there. */
async function seriesAfterTraffic({ url, operator, upstream }: GatewayWorld): Promise<Series> {
  const { authorization } = operator
  const signIn = () => {
    const headers = { authorization: `Basic ${btoa('ada:wrong')}` }
    return send(url, { method: 'POST', path: '/api/v2/signin', headers })
  }
  // One more than is free.
  for (let tries = 0; tries < 6; tries++) await signIn()
  const forward = (method: string, path: string, body = '') =>
    send(url, { method, path, headers: { authorization, 'content-type': 'application/vnd.flux' }, body })
  await forward('POST', '/api/v2/write?org=analytics&bucket=engine', 'm v=1')
  await forward('POST', '/api/v2/query?org=analytics', 'from(bucket: "engine") |> range(start: -1h)')
  await forward('GET', '/api/v2/dashboards?org=analytics')
  upstream.answer = (_request, response) => void response.writeHead(503).end()
  await forward('GET', '/api/v2/dashboards?org=analytics')
  const { text } = await send(url, { method: 'GET', path: '/metrics' })
  const series = new Map<string, Map<string, Set<string>>>()
  for (const line of text.split('\n')) {
    const [, name = '', labels = ''] = /^(\w+)(?:\{(.*)\})? \S+$/.exec(line) ?? []
    if (name === '') continue
    const known = series.get(name) ?? new Map<string, Set<string>>()
    series.set(name, known)
    for (const [, label = '', value = ''] of labels.matchAll(/(\w+)="([^"]*)"/g)) {
      known.set(label, (known.get(label) ?? new Set()).add(value))
    }
  }
  return series
}
