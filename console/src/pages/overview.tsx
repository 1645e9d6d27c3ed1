import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, got, type Shapes } from '../api/client.ts'
import { overview } from '../api/queries.ts'
import { reauthenticate } from '../api/reauthentication.ts'
import { addressOf } from '../base.ts'
import { texts } from '../texts/all.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/dialog.tsx'
import { Loaded } from '../ui/feedback.tsx'
import { Help } from '../ui/help.tsx'
import { Card, PageTitle } from '../ui/page.tsx'
import { SignInChart } from '../ui/sign-in-chart.tsx'
import { Ago, Time } from '../ui/time.tsx'
import { Traffic, Upstream } from './overview-traffic.tsx'

type Overview = Shapes['Overview']

export function OverviewPage() {
  const [hours, setHours] = useState(24)
  const query = useQuery({ ...overview(hours), placeholderData: keepPreviousData })
  return (
    <>
      <PageTitle title={texts.overview.title} />
      <Loaded query={query} lines={8}>
        {(found) => (
          <div className="stack">
            <Tiles found={found} />
            <Card
              title={texts.overview.signIns}
              help={<Help about={texts.overview.signIns}>{texts.overview.signInsHelp}</Help>}
              actions={
                <select
                  className="input role"
                  aria-label={texts.overview.range}
                  value={hours}
                  onChange={(event) => setHours(Number(event.target.value))}
                >
                  {texts.overview.ranges.map(([each, label]) => (
                    <option key={each} value={each}>
                      {label}
                    </option>
                  ))}
                </select>
              }
            >
              <div className="card-body stack-small">
                <SignInChart points={found.signIns.points} seconds={found.signIns.bucketSeconds} />
              </div>
            </Card>
            {found.upstream.configured && <Traffic traffic={found.traffic} />}
            <div className="two">
              <div className="stack">
                {found.upstream.configured && <Upstream upstream={found.upstream} traffic={found.traffic} />}
                <Throttled throttled={found.throttled} />
              </div>
              <Server found={found} />
            </div>
          </div>
        )}
      </Loaded>
    </>
  )
}

function Tiles({ found }: { found: Overview }) {
  const tiles = [
    [texts.overview.live, found.liveSessions],
    [texts.overview.users, found.users],
    [texts.overview.organizations, found.organizations],
    [texts.overview.throttled, found.throttled.length],
  ] as const
  return (
    <dl className="tiles">
      {tiles.map(([label, count]) => (
        <div key={label} className="card tile">
          <dt>{label}</dt>
          <dd className="figure">{count.toLocaleString()}</dd>
        </div>
      ))}
    </dl>
  )
}

function Throttled({ throttled }: { throttled: Overview['throttled'] }) {
  return (
    <Card
      title={texts.overview.throttledTitle}
      help={<Help about={texts.overview.throttledTitle}>{texts.overview.throttledHelp}</Help>}
    >
      {throttled.length === 0 ? (
        <p className="card-body muted">{texts.overview.throttledNone}</p>
      ) : (
        <div className="table-wrap">
          <table>
            <thead>
              <tr>
                <th>{texts.audit.address}</th>
                <th>{texts.overview.scope}</th>
                <th className="end">{texts.overview.until}</th>
              </tr>
            </thead>
            <tbody>
              {throttled.map(({ address, scope, until }) => (
                <tr key={`${scope} ${address}`}>
                  <td className="mono">{address}</td>
                  <td className="muted">{texts.overview.scopes[scope] ?? scope}</td>
                  <td className="end nowrap">
                    <Ago at={until} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  )
}

function Server({ found }: { found: Overview }) {
  const [ending, setEnding] = useState(false)
  return (
    <Card
      title={texts.overview.server}
      actions={
        found.status === 'pass' ? (
          <span className="badge good">{texts.overview.healthy}</span>
        ) : (
          <span className="badge bad">{found.message}</span>
        )
      }
    >
      <div className="card-body stack">
        <dl className="facts">
          <dt>{texts.overview.version}</dt>
          <dd>{found.version}</dd>
          <dt>{texts.overview.speaks}</dt>
          <dd>{found.influxVersion}</dd>
          <dt>{texts.overview.store}</dt>
          <dd>{found.store}</dd>
          <dt>{texts.overview.started}</dt>
          <dd>
            <Time at={found.startedAt} />
          </dd>
          <dt>{texts.overview.links}</dt>
          <dd className="row" style={{ gap: '2px 14px' }}>
            <a href={addressOf('/docs/operations')}>{texts.overview.operations}</a>
            <a href={addressOf('/docs/security')}>{texts.overview.security}</a>
            <a href={addressOf('/docs/')}>{texts.documentation}</a>
            <a href="/api/v2/openapi.json">{texts.overview.api}</a>
            <a href="/metrics">{texts.overview.metrics}</a>
          </dd>
        </dl>
        <div>
          <Button look="bad" small onClick={() => setEnding(true)}>
            {texts.overview.endAll}
          </Button>
        </div>
      </div>
      {ending && (
        <ConfirmDialog
          title={texts.overview.endAll}
          text={texts.overview.endAllText}
          onClose={() => setEnding(false)}
          onConfirm={async () => {
            await got(api.DELETE('/api/v2/sessions'))
            reauthenticate('ended')
          }}
        />
      )}
    </Card>
  )
}
