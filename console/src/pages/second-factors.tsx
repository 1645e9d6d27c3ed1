/** Account > Second factors: factors, recovery codes and application passwords of the user. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, got, type Shapes } from '../api/client.ts'
import { features } from '../api/entry-queries.ts'
import { canUsePasskeys } from '../api/passkeys.ts'
import { applicationPasswords, ownFactors } from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { factorTexts } from '../texts/second-factors.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog, Dialog, FormDialog } from '../ui/dialog.tsx'
import { EnrolApp, EnrolPasskey, RecoveryCodes } from '../ui/enrol-factor.tsx'
import { Loaded, Notice } from '../ui/feedback.tsx'
import { CheckField, TextField } from '../ui/field.tsx'
import { Card } from '../ui/page.tsx'
import { Secret } from '../ui/secret.tsx'
import { Ago, Time } from '../ui/time.tsx'
import { say } from '../ui/toast.tsx'
import { Account } from './account.tsx'

type Factor = Shapes['SecondFactor']

export function SecondFactorsPage() {
  const own = useQuery(ownFactors)
  return (
    <Account>
      <Loaded query={own}>
        {(found) => (
          <div className="stack">
            <Factors own={found} />
            {found.factors.length > 0 && <Codes left={found.recoveryCodesLeft} />}
            {found.offered && <Applications />}
          </div>
        )}
      </Loaded>
    </Account>
  )
}

function useRefresh() {
  const queries = useQueryClient()
  return async () => {
    await queries.invalidateQueries({ queryKey: ['second-factors'] })
    await queries.invalidateQueries({ queryKey: ['sessions'] })
  }
}

function Factors({ own }: { own: Shapes['OwnSecondFactors'] }) {
  const refresh = useRefresh()
  const [dialog, setDialog] = useState<
    { kind: 'app' | 'passkey' } | { kind: 'rename' | 'remove'; factor: Factor }
  >()
  const [codes, setCodes] = useState<readonly string[]>()
  const offers = useQuery(features).data
  const hasPasskeys = own.passkeys === 'offered' && canUsePasskeys(offers)
  const close = () => setDialog(undefined)
  async function added(made: readonly string[] | undefined): Promise<void> {
    close()
    setCodes(made)
    await refresh()
    say(texts.saved)
  }
  async function remove(id: string): Promise<void> {
    await got(api.DELETE('/api/v2/me/second-factors/{id}', { params: { path: { id } } }))
    await refresh()
    say(texts.saved)
  }
  return (
    <Card
      title={factorTexts.title}
      actions={
        own.offered && (
          <>
            {hasPasskeys && (
              <Button small onClick={() => setDialog({ kind: 'passkey' })}>
                {factorTexts.addPasskey}
              </Button>
            )}
            <Button small onClick={() => setDialog({ kind: 'app' })}>
              {factorTexts.addApp}
            </Button>
          </>
        )
      }
    >
      <p className="card-body muted" style={{ paddingBottom: 4 }}>
        {factorTexts.text}{' '}
        {own.offered && !hasPasskeys && (factorTexts.passkeysNeed[own.passkeys] ?? noPasskeys(offers))}
      </p>
      {own.factors.length === 0 ? (
        <p className="card-body">{own.required ? factorTexts.required : factorTexts.none}</p>
      ) : (
        <FactorList
          factors={own.factors}
          onRename={(factor) => setDialog({ kind: 'rename', factor })}
          onRemove={(factor) => setDialog({ kind: 'remove', factor })}
        />
      )}
      {dialog?.kind === 'app' && (
        <Dialog title={factorTexts.addApp} onClose={close}>
          <EnrolApp onAdded={added}>
            <Button onClick={close}>{texts.cancel}</Button>
          </EnrolApp>
        </Dialog>
      )}
      {dialog?.kind === 'passkey' && (
        <Dialog title={factorTexts.addPasskey} onClose={close}>
          <EnrolPasskey onAdded={added}>
            <Button onClick={close}>{texts.cancel}</Button>
          </EnrolPasskey>
        </Dialog>
      )}
      {codes && (
        <Dialog title={factorTexts.codes} onClose={undefined}>
          <RecoveryCodes codes={codes} onSaved={() => setCodes(undefined)} />
        </Dialog>
      )}
      {dialog?.kind === 'rename' && <Rename factor={dialog.factor} onClose={close} />}
      {dialog?.kind === 'remove' && (
        <ConfirmDialog
          title={factorTexts.remove}
          text={factorTexts.removeText(dialog.factor.name)}
          onClose={close}
          onConfirm={() => remove(dialog.factor.id)}
        />
      )}
    </Card>
  )
}

function noPasskeys(offers: Shapes['Features'] | undefined): string {
  const { passkeyOrigin } = offers ?? {}
  if (passkeyOrigin === undefined) return ''
  return passkeyOrigin === location.origin
    ? factorTexts.noPasskeys
    : factorTexts.passkeysElsewhere(passkeyOrigin)
}

function FactorList({
  factors,
  onRename,
  onRemove,
}: {
  factors: readonly Factor[]
  onRename: (factor: Factor) => void
  onRemove: (factor: Factor) => void
}) {
  return (
    <ul className="lines">
      {factors.map((factor) => (
        <li key={factor.id} className="row between">
          <div className="grow">
            <p className="strong">{factor.name}</p>
            <FactorFacts factor={factor} />
          </div>
          <div className="row">
            <Button
              small
              aria-label={`${factorTexts.rename} ${factor.name}`}
              onClick={() => onRename(factor)}
            >
              {factorTexts.rename}
            </Button>
            <Button
              small
              look="bad"
              aria-label={`${factorTexts.remove} ${factor.name}`}
              onClick={() => onRemove(factor)}
            >
              {factorTexts.remove}
            </Button>
          </div>
        </li>
      ))}
    </ul>
  )
}

function FactorFacts({ factor: { kind, createdAt, lastUsedAt } }: { factor: Factor }) {
  return (
    <p className="small muted">
      {factorTexts.kinds[kind] ?? kind} · {factorTexts.added.toLowerCase()} <Time at={createdAt} /> ·{' '}
      {lastUsedAt ? (
        <>
          {factorTexts.lastUsed.toLowerCase()} <Ago at={lastUsedAt} />
        </>
      ) : (
        factorTexts.never.toLowerCase()
      )}
    </p>
  )
}

function Rename({ factor: { id, name: old }, onClose }: { factor: Factor; onClose: () => void }) {
  const refresh = useRefresh()
  const [name, setName] = useState(old)
  async function rename(): Promise<void> {
    await got(api.PATCH('/api/v2/me/second-factors/{id}', { params: { path: { id } }, body: { name } }))
    await refresh()
    say(texts.saved)
  }
  return (
    <FormDialog title={factorTexts.rename} submit={texts.save} onClose={onClose} onSubmit={rename}>
      <TextField
        label={factorTexts.name}
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
    </FormDialog>
  )
}

function Codes({ left }: { left: number }) {
  const refresh = useRefresh()
  const [asking, setAsking] = useState(false)
  const [codes, setCodes] = useState<readonly string[]>()
  async function renew(): Promise<void> {
    setCodes((await got(api.POST('/api/v2/me/recovery-codes'))).recoveryCodes)
    await refresh()
  }
  return (
    <Card
      title={factorTexts.codes}
      actions={
        <Button small onClick={() => setAsking(true)}>
          {factorTexts.renew}
        </Button>
      }
    >
      <div className="card-body stack">
        <p className="muted">{factorTexts.codesText}</p>
        {left <= 3 ? <Notice kind="warn">{factorTexts.left(left)}</Notice> : <p>{factorTexts.left(left)}</p>}
      </div>
      {asking && (
        <ConfirmDialog
          title={factorTexts.renew}
          text={factorTexts.renewText}
          onClose={() => setAsking(false)}
          onConfirm={renew}
        />
      )}
      {codes && (
        <Dialog title={factorTexts.codes} onClose={undefined}>
          <RecoveryCodes codes={codes} onSaved={() => setCodes(undefined)} />
        </Dialog>
      )}
    </Card>
  )
}

function Applications() {
  const refresh = useRefresh()
  const found = useQuery(applicationPasswords)
  const [adding, setAdding] = useState(false)
  const [password, setPassword] = useState<string>()
  const [removing, setRemoving] = useState<{ id: string; name: string }>()
  async function remove(id: string): Promise<void> {
    await got(api.DELETE('/api/v2/me/application-passwords/{id}', { params: { path: { id } } }))
    await refresh()
    say(texts.saved)
  }
  return (
    <Card
      title={factorTexts.applications}
      actions={
        <Button small onClick={() => setAdding(true)}>
          {factorTexts.addApplication}
        </Button>
      }
    >
      <p className="card-body muted" style={{ paddingBottom: 4 }}>
        {factorTexts.applicationsText}
      </p>
      <Loaded query={found} lines={1}>
        {(list) =>
          list.length === 0 ? (
            <p className="card-body">{factorTexts.noApplications}</p>
          ) : (
            <ul className="lines">
              {list.map(({ id, name, access, createdAt, expiresAt }) => (
                <li key={id} className="row between">
                  <div className="grow">
                    <p className="strong">{name}</p>
                    <p className="small muted">
                      {access === 'read' && `${factorTexts.readOnly} · `}
                      {factorTexts.added.toLowerCase()} <Time at={createdAt} />
                      {expiresAt && (
                        <>
                          {' '}
                          · {factorTexts.expires.toLowerCase()} <Ago at={expiresAt} />
                        </>
                      )}
                    </p>
                  </div>
                  <Button
                    small
                    look="bad"
                    aria-label={`${factorTexts.deleteApplication} ${name}`}
                    onClick={() => setRemoving({ id, name })}
                  >
                    {factorTexts.deleteApplication}
                  </Button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
      {adding && (
        <AddApplication
          onClose={() => setAdding(false)}
          onAdded={async (made) => {
            setPassword(made)
            await refresh()
          }}
        />
      )}
      {password !== undefined && (
        <Dialog title={factorTexts.applications} onClose={undefined}>
          <p className="muted">{factorTexts.applicationOnce}</p>
          <Secret value={password} label={factorTexts.password} />
          <div className="actions end">
            <Button look="primary" onClick={() => setPassword(undefined)}>
              {factorTexts.done}
            </Button>
          </div>
        </Dialog>
      )}
      {removing && (
        <ConfirmDialog
          title={factorTexts.deleteApplication}
          text={factorTexts.deleteApplicationText(removing.name)}
          onClose={() => setRemoving(undefined)}
          onConfirm={() => remove(removing.id)}
        />
      )}
    </Card>
  )
}

function AddApplication({
  onClose,
  onAdded,
}: {
  onClose: () => void
  onAdded: (password: string) => Promise<void>
}) {
  const [name, setName] = useState('')
  const [readOnly, setReadOnly] = useState(false)
  async function add(): Promise<void> {
    const body = { name, access: readOnly ? 'read' : 'use' } as const
    const { password = '' } = await got(api.POST('/api/v2/me/application-passwords', { body }))
    await onAdded(password)
  }
  return (
    <FormDialog title={factorTexts.addApplication} submit={factorTexts.add} onClose={onClose} onSubmit={add}>
      <TextField
        label={factorTexts.applicationName}
        required
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <CheckField
        label={factorTexts.readOnly}
        checked={readOnly}
        onChange={(event) => setReadOnly(event.target.checked)}
      />
    </FormDialog>
  )
}
