import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { eventsOfToken, token as tokenOf, trafficOfToken } from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { ErrorNotice, Loaded, Notice } from '../ui/feedback.tsx'
import { PermissionList } from '../ui/grants-list.tsx'
import { Help } from '../ui/help.tsx'
import { OrganizationLink, UserLink } from '../ui/links.tsx'
import { Card, PageTitle } from '../ui/page.tsx'
import { CopyButton } from '../ui/secret.tsx'
import { Ago, Time } from '../ui/time.tsx'
import { hasGrace, type TokenAct, TokenDialog, useTokenChange } from '../ui/token-actions.tsx'
import { TokenBadge } from '../ui/token-badge.tsx'
import { nameOf, type Token, type TokenRights, tokenRights } from '../ui/token-state.ts'
import { type SpanName, SpanSelect, TrafficFigures } from '../ui/traffic-chart.tsx'
import { useAct } from '../ui/use-act.ts'
import { useRights } from '../ui/use-rights.ts'
import { Sentence } from './audit-sentence.tsx'

const crumb = { to: '/tokens', label: texts.tokens.back }

export function TokenPage() {
  const { id } = useParams({ from: '/inside/tokens/$id' })
  const query = useQuery(tokenOf(id))
  return (
    <Loaded query={query} head={<PageTitle title={texts.audit.fields.token} crumb={crumb} />}>
      {(token) => <Found token={token} />}
    </Loaded>
  )
}

function Found({ token }: { token: Token }) {
  const rights = useRights()
  const navigate = useNavigate()
  const may = tokenRights(rights, token)
  const [act, setAct] = useState<TokenAct>()
  return (
    <>
      <PageTitle title={nameOf(token)} crumb={crumb} badge={<TokenBadge token={token} />}>
        {may.change && <Button onClick={() => setAct('edit')}>{texts.tokens.edit}</Button>}
        {may.give && <Button onClick={() => setAct('rotate')}>{texts.tokens.rotate}</Button>}
      </PageTitle>
      <div className="stack">
        {hasGrace(token) && token.graceUntil && (
          <Notice>
            <p className="row">
              <span>
                {texts.tokens.oldUntil} <Time at={token.graceUntil} />.
              </span>
              {may.change && (
                <Button small onClick={() => setAct('revoke')}>
                  {texts.tokens.revokeOld}
                </Button>
              )}
            </p>
          </Notice>
        )}
        <Facts token={token} />
        <Card title={texts.tokens.permissions}>
          <PermissionList permissions={token.permissions} self={token.userID} />
        </Card>
        <Traffic token={token} />
        {(rights.operator || rights.owned.has(token.orgID)) && <Events token={token} />}
        <Danger token={token} may={may} onAct={setAct} />
      </div>
      {act && (
        <TokenDialog
          act={act}
          token={token}
          rights={may}
          onClose={() => setAct(undefined)}
          onDeleted={() => navigate({ to: '/tokens' })}
        />
      )}
    </>
  )
}

function Facts({ token }: { token: Token }) {
  const { tokens: words } = texts
  return (
    <Card title={words.details}>
      <dl className="card-body facts">
        <dt>{words.id}</dt>
        <dd className="row">
          <code>{token.id}</code>
          <CopyButton text={token.id} />
        </dd>
        <dt>{words.owner}</dt>
        <dd>
          <UserLink id={token.userID} name={token.user} />
        </dd>
        <dt>{words.org}</dt>
        <dd>
          <OrganizationLink token={token} />
        </dd>
        <dt>{words.created}</dt>
        <dd>
          <Time at={token.createdAt} />
        </dd>
        <dt>{words.lastUsed}</dt>
        <dd>
          <Ago at={token.lastUsedAt} />
        </dd>
        <dt>{words.expires}</dt>
        <dd>
          {token.expiresAt ? (
            <>
              <Time at={token.expiresAt} />{' '}
              <span className="muted">
                (<Ago at={token.expiresAt} />)
              </span>
            </>
          ) : (
            texts.never
          )}
        </dd>
      </dl>
    </Card>
  )
}

/** Nothing on a server that forwards nothing. */
function Traffic({ token: { id } }: { token: Token }) {
  const traffic = useQuery(trafficOfToken(id)).data
  const [span, setSpan] = useState<SpanName>('lastDay')
  if (!traffic?.forwards) return null
  return (
    <Card
      title={texts.traffic.title}
      help={<Help about={texts.traffic.title}>{texts.traffic.help}</Help>}
      actions={<SpanSelect span={span} onChange={setSpan} />}
    >
      <div className="card-body">
        <TrafficFigures traffic={traffic} span={span} />
      </div>
    </Card>
  )
}

function Events({ token: { id } }: { token: Token }) {
  const events = useQuery(eventsOfToken(id))
  const { userID, operator } = useRights()
  return (
    <Card
      title={texts.tokens.events}
      actions={
        <Link to="/audit" search={{ search: id }} className={buttonClass({ small: true })}>
          {texts.tokens.eventsAll}
        </Link>
      }
    >
      <Loaded query={events} lines={3}>
        {(found) =>
          found.length === 0 ? (
            <p className="card-body muted">{texts.tokens.eventsNone}</p>
          ) : (
            <ul className="lines events">
              {found.map((event) => (
                <li key={event.id}>
                  <span className="muted small">
                    <Time at={event.time} />
                  </span>
                  <span>
                    <Sentence event={event} reader={{ id: userID, operator }} />
                    {event.outcome !== 'success' && (
                      <span className="badge warn">
                        {texts.audit.outcomes[event.outcome] ?? event.outcome}
                      </span>
                    )}
                    {event.count > 1 && <span className="badge">{texts.audit.times(event.count)}</span>}
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  )
}

function Danger({ token, may, onAct }: { token: Token; may: TokenRights; onAct: (act: TokenAct) => void }) {
  const change = useTokenChange()
  const { tokens: words } = texts
  const enable = useAct(() => change(token, { status: 'active' }, words.onDone(nameOf(token))))
  const isActive = token.status === 'active'
  const canSwitch = isActive ? may.disable : may.give
  if (!canSwitch && !may.remove) return null
  return (
    <Card title={words.danger} bad>
      <ErrorNotice error={enable.error} />
      <ul className="lines">
        {canSwitch && (
          <li className="row between">
            <div className="grow">
              <h3>{isActive ? words.offTitle : words.onTitle}</h3>
              <p className="muted">{isActive ? words.offText : words.onText}</p>
            </div>
            {isActive ? (
              <Button look="bad" onClick={() => onAct('off')}>
                {words.off}
              </Button>
            ) : (
              <Button busy={enable.busy} onClick={() => enable.run()}>
                {words.on}
              </Button>
            )}
          </li>
        )}
        {may.remove && (
          <li className="row between">
            <div className="grow">
              <h3>{words.deleteTitle}</h3>
              <p className="muted">{words.deleteText}</p>
            </div>
            <Button look="bad" onClick={() => onAct('delete')}>
              {words.delete}
            </Button>
          </li>
        )}
      </ul>
    </Card>
  )
}
