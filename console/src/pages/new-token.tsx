import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { SERVER } from '../api/base.ts'
import { api, got } from '../api/client.ts'
import { bucketsOf, me, organizations, resourceTypes } from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { type Expiry, ExpiryField, endOfExpiry } from '../ui/expiry-field.tsx'
import { ErrorNotice, Loaded, Notice } from '../ui/feedback.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { PermissionList } from '../ui/grants-list.tsx'
import { Card, PageTitle } from '../ui/page.tsx'
import { CopyButton } from '../ui/secret.tsx'
import { NewSecret } from '../ui/shown-once.tsx'
import { useTokenReload } from '../ui/token-actions.tsx'
import { mayGive, type Token } from '../ui/token-state.ts'
import { useAct } from '../ui/use-act.ts'
import { useRights } from '../ui/use-rights.ts'
import { useTokenOrganizations } from '../ui/use-token-organizations.ts'
import { type Picked, UserPicker } from '../ui/user-picker.tsx'
import {
  ACTIONS,
  type Action,
  type Choice,
  curlFor,
  keyOf,
  type Mode,
  permissionsOf,
} from './token-permissions.ts'

const MODES: readonly Mode[] = ['buckets', 'custom', 'all']
const crumb = { to: '/tokens', label: texts.tokens.back }

export function NewTokenPage() {
  const query = useQuery(organizations)
  const orgs = useTokenOrganizations()
  return (
    <>
      <PageTitle title={texts.tokens.newTitle} crumb={crumb} />
      <Loaded query={{ ...query, data: orgs }}>
        {(found) => (found.length === 0 ? <Notice>{texts.tokens.noOrg}</Notice> : <Builder orgs={found} />)}
      </Loaded>
    </>
  )
}

function Builder({ orgs }: { orgs: readonly { id: string; name: string }[] }) {
  const navigate = useNavigate()
  const reload = useTokenReload()
  const rights = useRights()
  const own = useQuery(me).data
  const [orgID, setOrgID] = useState(orgs[0]?.id ?? '')
  const [owner, setOwner] = useState<Picked | undefined>(own)
  const [description, setDescription] = useState('')
  const [expiry, setExpiry] = useState<Expiry>({ choice: '90', date: '' })
  const [choice, setChoice] = useState<Choice>({ mode: 'buckets', buckets: new Set(), types: new Set() })
  const [made, setMade] = useState<Token>()
  const types = (useQuery(resourceTypes).data ?? []).filter((type) => type !== 'instance')
  const permissions = permissionsOf(choice, orgID, types)
  const everything = permissionsOf({ ...choice, mode: 'all' }, orgID, types)
  // What the server would refuse is not offered: the permissions of a token must be its creator's own.
  const modes = MODES.filter((mode) => mode !== 'all' || mayGive(rights, everything))
  const expiresAt = endOfExpiry(expiry)
  const body = {
    ...{ orgID, description, permissions },
    ...(owner && owner.id !== rights.userID ? { userID: owner.id } : {}),
    ...(expiresAt && expiresAt !== 'never' ? { expiresAt } : {}),
  }
  const isComplete = permissions.length > 0 && owner !== undefined && expiresAt !== undefined
  const create = useAct(async () => {
    const created = await got(api.POST('/api/v2/authorizations', { body }))
    // Shown first: after an error below, the secret would be lost.
    setMade(created)
    reload()
  })
  function submit(event: FormEvent): void {
    event.preventDefault()
    if (!create.busy && isComplete) create.run()
  }
  const curl = curlFor(location.origin + SERVER.slice(0, -1), body)

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
            {rights.may('write', 'users') && (
              <div className="field">
                <UserPicker label={texts.tokens.owner} picked={owner} onPick={setOwner} />
                {owner && owner.id !== rights.userID && <div className="hint">{texts.tokens.ownerHint}</div>}
              </div>
            )}
            <ExpiryField value={expiry} onChange={setExpiry} />
          </div>
        </Card>
        <Card>
          <div className="card-body stack">
            <fieldset className="choices">
              <legend>{texts.tokens.what}</legend>
              {modes.map((mode) => {
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
                isOffered={(action, id) =>
                  rights.may(action, 'buckets', id === '*' ? { orgID } : { id, orgID })
                }
                onChange={(buckets) => setChoice({ ...choice, buckets })}
              />
            )}
            {choice.mode === 'custom' && (
              <Matrix
                caption={texts.tokens.kind}
                rows={types.map((type) => [type, texts.permissions.types[type]?.[1] ?? type])}
                chosen={choice.types}
                isOffered={(action, type) =>
                  rights.may(action, type, type === 'orgs' ? { id: orgID } : { orgID })
                }
                onChange={(chosen) => setChoice({ ...choice, types: chosen })}
              />
            )}
          </div>
        </Card>
      </div>
      <div className="stack">
        <Card title={texts.tokens.result}>
          <div aria-live="polite">
            {permissions.length === 0 ? (
              <p className="card-body muted">{texts.tokens.nothing}</p>
            ) : (
              <PermissionList permissions={permissions} isLinked={false} />
            )}
          </div>
          <div className="card-foot stack-small">
            <ErrorNotice error={create.error} />
            <div className="actions">
              <Button type="submit" look="primary" busy={create.busy} disabled={!isComplete}>
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
      {made && (
        <NewSecret
          token={made.token}
          onClose={() => navigate({ to: '/tokens/$id', params: { id: made.id } })}
        />
      )}
    </form>
  )
}

function BucketChoice({
  orgID,
  chosen,
  isOffered,
  onChange,
}: {
  orgID: string
  chosen: ReadonlySet<string>
  isOffered: IsOffered
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
          {...{ chosen, isOffered, onChange }}
        />
      )}
    </Loaded>
  )
}

type IsOffered = (action: Action, id: string) => boolean

/** A table with checkboxes for reading and writing in each row, if the user may choose them. */
function Matrix({
  caption,
  rows,
  chosen,
  isOffered,
  onChange,
}: {
  caption: string
  rows: readonly (readonly [string, string])[]
  chosen: ReadonlySet<string>
  isOffered: IsOffered
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
        {rows
          .filter(([id]) => ACTIONS.some((action) => isOffered(action, id)))
          .map(([id, label]) => (
            <tr key={id}>
              <th scope="row">{label}</th>
              {ACTIONS.map((action) => (
                <td key={action}>
                  {isOffered(action, id) && (
                    <label>
                      <span className="hidden">{`${texts.tokens[action]} ${label}`}</span>
                      <input
                        type="checkbox"
                        checked={chosen.has(keyOf(action, id))}
                        onChange={() => toggle(keyOf(action, id))}
                      />
                    </label>
                  )}
                </td>
              ))}
            </tr>
          ))}
      </tbody>
    </table>
  )
}
