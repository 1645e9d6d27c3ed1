import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api, got, serverNow } from '../api/client.ts'
import { bucketsOf, organizations, resourceTypes } from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { useAct } from '../ui/dialog.tsx'
import { ErrorNotice, Loaded, Notice } from '../ui/feedback.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { PermissionList } from '../ui/grants-list.tsx'
import { Card, PageTitle } from '../ui/page.tsx'
import { CopyButton } from '../ui/secret.tsx'
import { NewSecret } from '../ui/shown-once.tsx'
import { useNames } from '../ui/use-names.ts'
import { type Choice, curlFor, keyOf, type Mode, permissionsOf } from './token-permissions.ts'

const DAY_MS = 86_400_000
const MODES: readonly Mode[] = ['buckets', 'custom', 'all']
const crumb = { to: '/tokens', label: texts.tokens.back }

export function NewTokenPage() {
  const query = useQuery(organizations)
  return (
    <>
      <PageTitle title={texts.tokens.newTitle} crumb={crumb} />
      <Loaded query={query}>
        {(orgs) => (orgs.length === 0 ? <Notice>{texts.tokens.noOrg}</Notice> : <Builder orgs={orgs} />)}
      </Loaded>
    </>
  )
}

function Builder({ orgs }: { orgs: readonly { id: string; name: string }[] }) {
  const navigate = useNavigate()
  const queries = useQueryClient()
  const [orgID, setOrgID] = useState(orgs[0]?.id ?? '')
  const [description, setDescription] = useState('')
  const [days, setDays] = useState(90)
  const [choice, setChoice] = useState<Choice>({ mode: 'buckets', buckets: new Set(), types: new Set() })
  const [secret, setSecret] = useState<string>()
  const types = useQuery(resourceTypes).data ?? []
  const names = useNames([orgID])
  const permissions = permissionsOf(choice, orgID, types)
  const expiresAt = days > 0 ? new Date(serverNow() + days * DAY_MS).toISOString() : undefined
  const body = { orgID, description, permissions, ...(expiresAt ? { expiresAt } : {}) }
  const create = useAct(async () => {
    const made = await got(api.POST('/api/v2/authorizations', { body }))
    // Shown first: after an error below, the secret would be lost.
    setSecret(made.token)
    queries.invalidateQueries()
  })
  function submit(event: FormEvent): void {
    event.preventDefault()
    if (!create.busy && permissions.length > 0) create.run()
  }
  const curl = curlFor(location.origin, body)

  return (
    <form className="two" onSubmit={submit}>
      <div className="stack">
        <Card>
          <div className="card-body form">
            <TextField
              label={texts.tokens.description}
              hint={texts.tokens.descriptionHint}
              required
              autoComplete="off"
              value={description}
              onChange={(event) => setDescription(event.target.value)}
            />
            {orgs.length > 1 && (
              <SelectField
                label={texts.tokens.org}
                value={orgID}
                onChange={(event) => {
                  setOrgID(event.target.value)
                  setChoice({ ...choice, buckets: new Set() })
                }}
              >
                {orgs.map(({ id, name }) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </SelectField>
            )}
            <SelectField
              label={texts.tokens.expiry}
              value={days}
              onChange={(event) => setDays(Number(event.target.value))}
            >
              {texts.tokens.expiries.map(([each, label]) => (
                <option key={each} value={each}>
                  {label}
                </option>
              ))}
            </SelectField>
          </div>
        </Card>
        <Card>
          <div className="card-body stack">
            <fieldset className="choices">
              <legend>{texts.tokens.what}</legend>
              {MODES.map((mode) => {
                const [label, hint] = texts.tokens.modes[mode]
                return (
                  <label key={mode} className="choice">
                    <input
                      type="radio"
                      name="mode"
                      checked={choice.mode === mode}
                      onChange={() => setChoice({ ...choice, mode })}
                    />
                    <span>
                      <span className="strong">{label}</span>
                      <br />
                      <span className="muted small">{hint}</span>
                    </span>
                  </label>
                )
              })}
            </fieldset>
            {choice.mode === 'buckets' && (
              <BucketChoice
                orgID={orgID}
                chosen={choice.buckets}
                onChange={(buckets) => setChoice({ ...choice, buckets })}
              />
            )}
            {choice.mode === 'custom' && (
              <Matrix
                caption={texts.tokens.kind}
                rows={types
                  .filter((type) => type !== 'instance')
                  .map((type) => [type, texts.permissions.types[type]?.[1] ?? type])}
                chosen={choice.types}
                onChange={(chosen) => setChoice({ ...choice, types: chosen })}
              />
            )}
          </div>
        </Card>
      </div>
      <div className="stack">
        <Card title={texts.tokens.result}>
          <div className="card-body stack-small" aria-live="polite">
            {permissions.length === 0 ? (
              <p className="muted">{texts.tokens.nothing}</p>
            ) : (
              <PermissionList permissions={permissions} names={names} />
            )}
            <ErrorNotice error={create.error} />
            <div className="actions" style={{ marginTop: 8 }}>
              <Button type="submit" look="primary" busy={create.busy} disabled={permissions.length === 0}>
                {texts.tokens.submit}
              </Button>
              <Link to="/tokens" className={buttonClass()}>
                {texts.cancel}
              </Link>
            </div>
          </div>
        </Card>
        <Card title={texts.tokens.curl} actions={<CopyButton text={curl} />}>
          <div className="card-body stack-small">
            <p className="muted small">{texts.tokens.curlHint}</p>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable content must be reachable by keyboard */}
            <pre className="code" tabIndex={0}>
              {curl}
            </pre>
          </div>
        </Card>
      </div>
      {secret !== undefined && <NewSecret token={secret} onClose={() => navigate({ to: '/tokens' })} />}
    </form>
  )
}

function BucketChoice({
  orgID,
  chosen,
  onChange,
}: {
  orgID: string
  chosen: ReadonlySet<string>
  onChange: (chosen: ReadonlySet<string>) => void
}) {
  const query = useQuery(bucketsOf(orgID))
  return (
    <Loaded query={query}>
      {(buckets) => (
        <Matrix
          caption={texts.tokens.bucket}
          rows={[
            ['*', texts.tokens.allBuckets],
            ...buckets.map(({ id, name }): [string, string] => [id, name]),
          ]}
          chosen={chosen}
          onChange={onChange}
        />
      )}
    </Loaded>
  )
}

/** A table with a checkbox for reading and one for writing in each row. */
function Matrix({
  caption,
  rows,
  chosen,
  onChange,
}: {
  caption: string
  rows: readonly (readonly [string, string])[]
  chosen: ReadonlySet<string>
  onChange: (chosen: ReadonlySet<string>) => void
}) {
  function toggle(key: string): void {
    const next = new Set(chosen)
    if (!next.delete(key)) next.add(key)
    onChange(next)
  }
  return (
    <table className="matrix">
      <thead>
        <tr>
          <th scope="col">{caption}</th>
          <th scope="col">{texts.tokens.read}</th>
          <th scope="col">{texts.tokens.write}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([id, label]) => (
          <tr key={id}>
            <th scope="row">{label}</th>
            {(['read', 'write'] as const).map((action) => (
              <td key={action}>
                <label>
                  <span className="hidden">{`${texts.tokens[action]} ${label}`}</span>
                  <input
                    type="checkbox"
                    checked={chosen.has(keyOf(action, id))}
                    onChange={() => toggle(keyOf(action, id))}
                  />
                </label>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
