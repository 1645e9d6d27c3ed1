/** The overview of forwarded requests: by organization, the most active tokens, and the state of InfluxDB. */
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Shapes } from '../api/client.ts'
import { texts } from '../texts/all.ts'
import { bytes } from '../texts/bytes.ts'
import { Help } from '../ui/help.tsx'
import { Card } from '../ui/page.tsx'
import { Ago, Time } from '../ui/time.tsx'
import { type SpanName, SpanSelect } from '../ui/traffic-chart.tsx'

type Overview = Shapes['Overview']
type Summary = Overview['traffic']
type Counts = Shapes['TrafficCounts']

const MOST = 10

export function Traffic({ traffic }: { traffic: Summary }) {
  const [span, setSpan] = useState<SpanName>('lastDay')
  return (
    <>
      <Card
        title={texts.traffic.byOrganization}
        help={<Help about={texts.traffic.byOrganization}>{texts.traffic.help}</Help>}
        actions={<SpanSelect span={span} onChange={setSpan} />}
      >
        <Organizations traffic={traffic} span={span} />
      </Card>
      <Card
        title={texts.traffic.tokens}
        help={<Help about={texts.traffic.tokens}>{texts.traffic.tokensHelp}</Help>}
        actions={
          <span className="muted small">{texts.traffic.spans.find(([each]) => each === span)?.[1]}</span>
        }
      >
        <Tokens tokens={traffic.tokens} span={span} />
      </Card>
    </>
  )
}

function Organizations({ traffic, span }: { traffic: Summary; span: SpanName }) {
  const total = traffic.total[span]
  if (total.requests === 0) return <p className="card-body muted">{texts.traffic.none}</p>
  const shown = mostActive(traffic.organizations, span)
  const others = remainder(
    total,
    shown.map((each) => each[span]),
  )
  return (
    <>
      <div className="table-wrap">
        <table className="cards">
          <thead>
            <tr>
              <th>{texts.organizations.one}</th>
              <CountHeads />
            </tr>
          </thead>
          <tbody>
            {shown.map(({ orgID, org, ...each }) => (
              <tr key={orgID}>
                <td>
                  {org === undefined ? (
                    <Gone id={orgID} />
                  ) : (
                    <Link to="/organizations/$id" params={{ id: orgID }} className="strong">
                      {org}
                    </Link>
                  )}
                </td>
                <CountCells counts={each[span]} most={total.requests} />
              </tr>
            ))}
            {others.requests > 0 && (
              <tr>
                <td className="muted">{texts.traffic.others}</td>
                <CountCells counts={others} most={total.requests} />
              </tr>
            )}
            <tr className="sum">
              <td>{texts.traffic.total}</td>
              <CountCells counts={total} />
            </tr>
          </tbody>
        </table>
      </div>
      <p className="card-foot small muted">
        {texts.traffic.since} <Time at={traffic.since} />
      </p>
    </>
  )
}

function Tokens({ tokens, span }: { tokens: Summary['tokens']; span: SpanName }) {
  const shown = mostActive(tokens, span)
  if (shown.length === 0) return <p className="card-body muted">{texts.traffic.noTokens}</p>
  return (
    <div className="table-wrap">
      <table className="cards">
        <thead>
          <tr>
            <th>{texts.audit.fields.token}</th>
            <th>{texts.tokens.owner}</th>
            <th>{texts.tokens.org}</th>
            <CountHeads />
          </tr>
        </thead>
        <tbody>
          {shown.map((token) => (
            <tr key={token.id}>
              <td>
                {token.userID === undefined ? (
                  <Gone id={token.id} />
                ) : (
                  <Link to="/tokens/$id" params={{ id: token.id }} className="strong">
                    {token.description || token.id}
                  </Link>
                )}
              </td>
              <td data-label={texts.tokens.owner}>
                {token.userID && (
                  <Link to="/people/$id" params={{ id: token.userID }}>
                    {token.user ?? token.userID}
                  </Link>
                )}
              </td>
              <td data-label={texts.tokens.org}>{token.org ?? token.orgID}</td>
              <CountCells counts={token[span]} most={shown[0]?.[span].requests ?? 0} />
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function CountHeads() {
  const { requests, refused, errors, received, sent } = texts.traffic
  return [requests, refused, errors, received, sent].map((label) => (
    <th key={label} className="end">
      {label}
    </th>
  ))
}

/** With a bar of the requests in proportion to `most`. */
function CountCells({ counts, most }: { counts: Counts; most?: number }) {
  const { requests, refused, errors, bytesIn, bytesOut } = counts
  return (
    <>
      <td className="end" data-label={texts.traffic.requests}>
        <span className="with-bar">
          {most !== undefined && most > 0 && (
            <span className="bar" aria-hidden="true">
              <i style={{ width: `${(100 * requests) / most}%` }} />
            </span>
          )}
          <span className="count">{requests.toLocaleString()}</span>
        </span>
      </td>
      <Failures label={texts.traffic.refused} look="warn" count={refused} />
      <Failures label={texts.traffic.errors} look="bad" count={errors} />
      <td className="end nowrap" data-label={texts.traffic.received}>
        {bytes(bytesIn)}
      </td>
      <td className="end nowrap" data-label={texts.traffic.sent}>
        {bytes(bytesOut)}
      </td>
    </>
  )
}

/** A count that stands out unless it is zero. */
function Failures({ label, look, count }: { label: string; look: 'warn' | 'bad'; count: number }) {
  return (
    <td className="end" data-label={label}>
      <span className={count === 0 ? 'muted' : `badge ${look}`}>{count.toLocaleString()}</span>
    </td>
  )
}

function Gone({ id }: { id: string }) {
  return (
    <>
      <code>{id}</code> <span className="muted">({texts.traffic.deleted})</span>
    </>
  )
}

export function Upstream({ upstream, traffic }: Pick<Overview, 'upstream' | 'traffic'>) {
  const { up, lastAnswerAt, differences } = upstream
  return (
    <Card
      title={texts.traffic.upstream}
      actions={
        <span className={`badge ${up ? 'good' : 'bad'}`}>{up ? texts.traffic.up : texts.traffic.down}</span>
      }
    >
      <dl className="card-body facts">
        <dt>{texts.traffic.lastAnswer}</dt>
        <dd>{lastAnswerAt ? <Ago at={lastAnswerAt} /> : texts.traffic.noAnswer}</dd>
        <dt>{texts.traffic.lastRequests}</dt>
        <dd>{traffic.total.lastHour.requests.toLocaleString()}</dd>
        {differences !== undefined && (
          <>
            <dt>{texts.traffic.differences}</dt>
            <dd>
              {differences === 0 ? (
                texts.upstream.none
              ) : (
                <>
                  <span className="badge warn">{differences.toLocaleString()}</span>{' '}
                  <Link to="/upstream">{texts.upstream.see}</Link>
                </>
              )}
            </dd>
          </>
        )}
      </dl>
    </Card>
  )
}

function mostActive<T extends Record<SpanName, Counts>>(all: readonly T[], span: SpanName): T[] {
  return all
    .filter((each) => each[span].requests > 0)
    .sort((one, other) => other[span].requests - one[span].requests)
    .slice(0, MOST)
}

/** What the total has beyond these. */
function remainder(total: Counts, shown: readonly Counts[]): Counts {
  const left = (field: keyof Counts) => total[field] - shown.reduce((sum, each) => sum + each[field], 0)
  return {
    requests: left('requests'),
    refused: left('refused'),
    errors: left('errors'),
    bytesIn: left('bytesIn'),
    bytesOut: left('bytesOut'),
  }
}
