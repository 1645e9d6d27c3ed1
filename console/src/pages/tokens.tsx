import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { api, got, type Shapes, serverNow } from '../api/client.ts'
import { grantsOf, me, tokens, trafficOfToken } from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { buttonClass } from '../ui/button.tsx'
import { ConfirmDialog, Dialog, FormDialog, useAct } from '../ui/dialog.tsx'
import { Empty, ErrorNotice, Loaded } from '../ui/feedback.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { PermissionList } from '../ui/grants-list.tsx'
import { Icon } from '../ui/icons.tsx'
import { ActionMenu } from '../ui/menu.tsx'
import { Card, PageTitle } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { NewSecret } from '../ui/shown-once.tsx'
import { StatusBadge } from '../ui/status-badge.tsx'
import { Ago, Time } from '../ui/time.tsx'
import { say } from '../ui/toast.tsx'
import { TrafficSection } from '../ui/traffic-chart.tsx'
import { useNames } from '../ui/use-names.ts'

type Token = Shapes['Authorization']
type TokenAction = { what: 'details' | 'off' | 'rotate' | 'delete'; token: Token }
const PAGE = 25
const route = getRouteApi('/inside/tokens')

const nameOf = ({ description, id }: Token) => description || id

export function TokensPage() {
  const query = useQuery(tokens)
  const queries = useQueryClient()
  const [search, setSearch] = useState(route.useSearch().search ?? '')
  const [page, setPage] = useState(0)
  const [action, setAction] = useState<TokenAction>()
  const [secret, setSecret] = useState<string>()
  const refresh = () => queries.invalidateQueries()
  async function change({ id }: Token, status: string): Promise<void> {
    await got(api.PATCH('/api/v2/authorizations/{id}', { params: { path: { id } }, body: { status } }))
    await refresh()
    say(texts.saved)
  }
  const switchOn = useAct((token: Token) => change(token, 'active'))
  const wanted = search.trim().toLowerCase()
  const mayChange = useMayChange()
  return (
    <>
      <PageTitle title={texts.tokens.title} lead={texts.tokens.help}>
        <Link to="/tokens/new" className={buttonClass({ look: 'primary' })}>
          <Icon name="plus" size={16} />
          {texts.tokens.create}
        </Link>
      </PageTitle>
      <ErrorNotice error={switchOn.error} />
      <Card>
        <Loaded query={query} lines={6}>
          {(all) => {
            if (all.length === 0) {
              return (
                <Empty icon="tokens" title={texts.tokens.empty}>
                  {texts.tokens.emptyText}
                </Empty>
              )
            }
            const found = all.filter((each) =>
              [each.description, each.user, each.org, each.id].some((text) =>
                text.toLowerCase().includes(wanted),
              ),
            )
            // The last page may have become empty after a deletion.
            const at = Math.min(page, Math.max(0, Math.ceil(found.length / PAGE) - 1))
            return (
              <>
                <div className="filter">
                  <TextField
                    label={texts.tokens.filter}
                    type="search"
                    value={search}
                    autoComplete="off"
                    onChange={(event) => {
                      setSearch(event.target.value)
                      setPage(0)
                    }}
                  />
                </div>
                {found.length === 0 ? (
                  <Empty icon="tokens" title={texts.tokens.noMatch} />
                ) : (
                  <TokenTable
                    mayChange={mayChange}
                    tokens={found.slice(at * PAGE, (at + 1) * PAGE)}
                    onAction={setAction}
                    onSwitchOn={switchOn.run}
                  />
                )}
                <Pager page={at} size={PAGE} total={found.length} onPage={setPage} />
              </>
            )
          }}
        </Loaded>
      </Card>
      {action && (
        <TokenDialog
          action={action}
          onClose={() => setAction(undefined)}
          onSwitchOff={(token) => change(token, 'inactive')}
          onSecret={setSecret}
          onDone={refresh}
        />
      )}
      {secret !== undefined && <NewSecret token={secret} onClose={() => setSecret(undefined)} />}
    </>
  )
}

/** Owners see the tokens of others in their organizations too, and may only switch them off. */
function useMayChange(): (token: Token) => boolean {
  const id = useQuery(me).data?.id ?? ''
  const isOperator = useQuery({ ...grantsOf(id), enabled: id !== '' }).data?.operator
  return ({ userID }) => userID === id || isOperator === true
}

function TokenTable({
  mayChange,
  tokens: shown,
  onAction,
  onSwitchOn,
}: {
  mayChange: (token: Token) => boolean
  tokens: readonly Token[]
  onAction: (action: TokenAction) => void
  onSwitchOn: (token: Token) => void
}) {
  function actionsFor(token: Token, isChangeable: boolean) {
    const off = { id: 'off', label: texts.tokens.off, act: () => onAction({ what: 'off', token }) }
    const on = { id: 'on', label: texts.tokens.on, act: () => onSwitchOn(token) }
    const rotate = {
      id: 'rotate',
      label: texts.tokens.rotate,
      act: () => onAction({ what: 'rotate', token }),
    }
    if (token.status === 'active') return isChangeable ? [off, rotate] : [off]
    return isChangeable ? [on, rotate] : []
  }
  return (
    <div className="table-wrap">
      <table className="cards">
        <thead>
          <tr>
            <th>{texts.tokens.description}</th>
            <th>{texts.tokens.owner}</th>
            <th>{texts.tokens.org}</th>
            <th>{texts.tokens.lastUsed}</th>
            <th>{texts.tokens.expires}</th>
            <th>{texts.tokens.status}</th>
            <th>
              <span className="hidden">{texts.tokens.details}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((token) => (
            <tr key={token.id} className="hover">
              <td>
                <button
                  type="button"
                  className="as-link strong"
                  onClick={() => onAction({ what: 'details', token })}
                >
                  {nameOf(token)}
                </button>
              </td>
              <td data-label={texts.tokens.owner}>{token.user}</td>
              <td data-label={texts.tokens.org}>{token.org}</td>
              <td data-label={texts.tokens.lastUsed}>
                <Ago at={token.lastUsedAt} />
              </td>
              <td data-label={texts.tokens.expires}>
                <Ago at={token.expiresAt} />
              </td>
              <td data-label={texts.tokens.status}>
                <TokenStatus token={token} />
              </td>
              <td className="end">
                <ActionMenu
                  label={texts.tokens.actions(nameOf(token))}
                  groups={[
                    [
                      {
                        id: 'details',
                        label: texts.tokens.details,
                        act: () => onAction({ what: 'details', token }),
                      },
                      ...actionsFor(token, mayChange(token)),
                    ],
                    ...(mayChange(token)
                      ? [
                          [
                            {
                              id: 'delete',
                              label: texts.tokens.delete,
                              bad: true,
                              act: () => onAction({ what: 'delete', token }),
                            },
                          ],
                        ]
                      : []),
                  ]}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function TokenStatus({ token: { status, expiresAt } }: { token: Token }) {
  const expired = expiresAt !== undefined && Date.parse(expiresAt) <= serverNow()
  return expired ? <span className="badge bad">{texts.tokens.expired}</span> : <StatusBadge status={status} />
}

function TokenDialog({
  action: { what, token },
  onClose,
  onSwitchOff,
  onSecret,
  onDone,
}: {
  action: TokenAction
  onClose: () => void
  onSwitchOff: (token: Token) => Promise<void>
  onSecret: (secret: string) => void
  onDone: () => Promise<unknown>
}) {
  const [grace, setGrace] = useState(0)
  const params = { path: { id: token.id } }
  if (what === 'details') return <Details token={token} onClose={onClose} />
  if (what === 'off') {
    return (
      <ConfirmDialog
        title={`${texts.tokens.off}: ${nameOf(token)}`}
        submit={texts.tokens.off}
        text={texts.tokens.offText}
        onClose={onClose}
        onConfirm={() => onSwitchOff(token)}
      />
    )
  }
  if (what === 'rotate') {
    return (
      <FormDialog
        title={`${texts.tokens.rotate}: ${nameOf(token)}`}
        submit={texts.tokens.rotate}
        onClose={onClose}
        onSubmit={async () => {
          const rotated = await got(
            api.POST('/api/v2/authorizations/{id}/rotate', { params, body: { graceSeconds: grace } }),
          )
          // Shown first: after an error below, the secret would be lost.
          onSecret(rotated.token)
          onDone()
        }}
      >
        <p>{texts.tokens.rotateText}</p>
        <SelectField
          label={texts.tokens.grace}
          value={grace}
          onChange={(event) => setGrace(Number(event.target.value))}
        >
          {texts.tokens.graces.map(([seconds, label]) => (
            <option key={seconds} value={seconds}>
              {label}
            </option>
          ))}
        </SelectField>
      </FormDialog>
    )
  }
  return (
    <ConfirmDialog
      title={`${texts.tokens.delete}: ${nameOf(token)}`}
      submit={texts.tokens.delete}
      text={texts.tokens.deleteText}
      onClose={onClose}
      onConfirm={async () => {
        await got(api.DELETE('/api/v2/authorizations/{id}', { params }))
        await onDone()
      }}
    />
  )
}

function Details({ token, onClose }: { token: Token; onClose: () => void }) {
  const names = useNames([token.orgID])
  const traffic = useQuery(trafficOfToken(token.id)).data
  return (
    <Dialog title={nameOf(token)} wide onClose={onClose}>
      <dl className="facts">
        <dt>{texts.tokens.id}</dt>
        <dd>
          <code>{token.id}</code>
        </dd>
        <dt>{texts.tokens.owner}</dt>
        <dd>{token.user}</dd>
        <dt>{texts.tokens.org}</dt>
        <dd>{token.org}</dd>
        <dt>{texts.tokens.created}</dt>
        <dd>
          <Time at={token.createdAt} />
        </dd>
        <dt>{texts.tokens.lastUsed}</dt>
        <dd>
          <Ago at={token.lastUsedAt} />
        </dd>
        <dt>{texts.tokens.expires}</dt>
        <dd>{token.expiresAt ? <Time at={token.expiresAt} /> : texts.never}</dd>
      </dl>
      <div className="stack-small">
        <h3>{texts.tokens.permissions}</h3>
        <PermissionList permissions={token.permissions} names={names} self={token.userID} />
      </div>
      {traffic?.forwards && <TrafficSection traffic={traffic} />}
      <div className="actions end">
        <button type="button" className="button" onClick={onClose}>
          {texts.close}
        </button>
      </div>
    </Dialog>
  )
}
