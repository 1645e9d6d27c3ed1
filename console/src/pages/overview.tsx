import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Link, type LinkProps } from '@tanstack/react-router'
import { useState } from 'react'
import { addressOf, SERVER } from '../api/base.ts'
import { api, got, type Shapes } from '../api/client.ts'
import { overview } from '../api/queries.ts'
import { reauthenticate } from '../api/reauthentication.ts'
import { texts } from '../texts/all.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/dialog.tsx'
import { Loaded, sentence } from '../ui/feedback.tsx'
import { Help } from '../ui/help.tsx'
import { Restricted } from '../ui/no-access.tsx'
import { Card, PageTitle } from '../ui/page.tsx'
import { SignInChart } from '../ui/sign-in-chart.tsx'
import { Time } from '../ui/time.tsx'
import { MostRefused } from './overview-refused.tsx'
import { Throttled } from './overview-throttled.tsx'
import { Traffic, Upstream } from './overview-traffic.tsx'

type Overview = Shapes['Overview']

export function OverviewPage() {
  return (
    <Restricted title={texts.overview.title}>
      <OverviewOfServer />
    </Restricted>
  )
}

function OverviewOfServer() {
  const [hours, setHours] = useState(24)
  const query = useQuery({ ...overview(hours), placeholderData: keepPreviousData })
  return (
    <div className="broad">
      <PageTitle title={texts.overview.title} />
      <Loaded query={query} lines={8}>
        {(found) => (
          <div className="stack">
            <Tiles found={found} />
            <div className="overview">
              <div className="stack">
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
                <MostRefused refused={found.refused} start={found.signIns.points[0]?.start ?? ''} />
              </div>
              <div className="stack beside">
                <Throttled throttled={found.throttled} />
                {found.upstream.configured && <Upstream upstream={found.upstream} traffic={found.traffic} />}
                <Server found={found} />
              </div>
            </div>
            {found.upstream.configured && <Traffic traffic={found.traffic} />}
          </div>
        )}
      </Loaded>
    </div>
  )
}

/** Each links to what it counts. */
function Tiles({ found }: { found: Overview }) {
  const { overview: words } = texts
  const tokens = { status: 'active' } as const
  const tiles: readonly (readonly [string, number, LinkProps, warns?: boolean])[] = [
    [words.live, found.liveSessions, { to: '/sessions' }],
    [words.users, found.users, { to: '/people' }],
    [words.organizations, found.organizations, { to: '/organizations' }],
    [words.throttled, found.throttled.length, { to: '.', hash: 'throttled' }, true],
    [words.expiring, found.tokens.expiring, { to: '/tokens', search: { ...tokens, expires: 'soon' } }, true],
    [words.neverUsed, found.tokens.neverUsed, { to: '/tokens', search: { ...tokens, used: 'never' } }],
  ]
  return (
    <ul className="tiles">
      {tiles.map(([label, count, link, warns]) => (
        <li key={label}>
          <Link {...link} className="card tile">
            <span className="label">{label}</span>
            <span className={warns && count > 0 ? 'figure warn' : 'figure'}>{count.toLocaleString()}</span>
          </Link>
        </li>
      ))}
    </ul>
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
          <span className="badge bad">{found.message && sentence(found.message)}</span>
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
            <a href={`${SERVER}api/v2/openapi.json`}>{texts.overview.api}</a>
            <a href={`${SERVER}metrics`}>{texts.overview.metrics}</a>
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
