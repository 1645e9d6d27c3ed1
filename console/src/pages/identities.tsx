/** Who a user is at providers, and which of the user's tokens were disabled because they were gone there. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { api, got, type Shapes } from '../api/client.ts'
import { identitiesOf, switchedOffTokensOf } from '../api/queries.ts'
import { ssoTexts } from '../texts/single-sign-on.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog, FormDialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'
import { Card } from '../ui/page.tsx'
import { Time } from '../ui/time.tsx'
import { say } from '../ui/toast.tsx'
import { useRights } from '../ui/use-rights.ts'

type User = Pick<Shapes['User'], 'id' | 'name'>
type Identity = Shapes['Identity']

/** Operators always see it, so that they can link an identity; others if there is one, or if `isShown` says so. */
export function Identities({
  user: { id },
  isShown = false,
  children,
}: {
  user: User
  isShown?: boolean
  /** Below the list. */
  children?: ReactNode
}) {
  const queries = useQueryClient()
  const found = useQuery(identitiesOf(id)).data
  const rights = useRights()
  const [linking, setLinking] = useState(false)
  const [leaving, setLeaving] = useState<Identity>()
  if (!found || (found.length === 0 && !rights.operator && !isShown)) return null
  async function refresh(said: string): Promise<void> {
    await queries.invalidateQueries({ queryKey: ['users'] })
    await queries.invalidateQueries({ queryKey: ['sessions'] })
    say(said)
  }
  async function unlink({ id: identityID }: Identity): Promise<void> {
    const params = { path: { id, identityID } }
    await got(api.DELETE('/api/v2/users/{id}/identities/{identityID}', { params }))
    await refresh(ssoTexts.unlinked)
  }
  return (
    <Card
      title={ssoTexts.title}
      actions={
        rights.operator && (
          <Button small onClick={() => setLinking(true)}>
            {ssoTexts.link}
          </Button>
        )
      }
    >
      {found.length === 0 ? (
        <p className="card-body muted">{ssoTexts.none}</p>
      ) : (
        <ul className="lines">
          {found.map((identity) => (
            <li key={identity.id} className="row between">
              <Who identity={identity} />
              <Button
                small
                aria-label={ssoTexts.unlinkOf(identity.provider)}
                onClick={() => setLeaving(identity)}
              >
                {ssoTexts.unlink}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {children}
      {linking && (
        <LinkIdentity
          userID={id}
          onClose={() => setLinking(false)}
          onLinked={() => refresh(ssoTexts.linked)}
        />
      )}
      {leaving && (
        <ConfirmDialog
          title={ssoTexts.unlink}
          text={ssoTexts.unlinkText(leaving.provider)}
          onClose={() => setLeaving(undefined)}
          onConfirm={() => unlink(leaving)}
        />
      )}
    </Card>
  )
}

function Who({ identity: { provider, issuer, subject, name, lastSignInAt } }: { identity: Identity }) {
  return (
    <div className="who-is">
      <p className="strong">
        {name || ssoTexts.unnamed} <span className="badge">{provider}</span>
      </p>
      <p className="small muted">
        {issuer} · {ssoTexts.subject.toLowerCase()} <code>{subject}</code> · {ssoTexts.signedIn.toLowerCase()}{' '}
        {lastSignInAt ? <Time at={lastSignInAt} /> : ssoTexts.notYet}
      </p>
    </div>
  )
}

function LinkIdentity({
  userID: id,
  onClose,
  onLinked,
}: {
  userID: string
  onClose: () => void
  onLinked: () => Promise<void>
}) {
  const [body, setBody] = useState({ provider: '', issuer: '', subject: '' })
  const field = (key: keyof typeof body) => ({
    label: ssoTexts[key],
    required: true,
    value: body[key],
    onChange: (event: { target: { value: string } }) => setBody({ ...body, [key]: event.target.value }),
  })
  async function link(): Promise<void> {
    await got(api.POST('/api/v2/users/{id}/identities', { params: { path: { id } }, body }))
    await onLinked()
  }
  return (
    <FormDialog title={ssoTexts.link} submit={ssoTexts.link} onClose={onClose} onSubmit={link}>
      <p className="muted">{ssoTexts.linkText}</p>
      <TextField {...field('provider')} hint={ssoTexts.providerHelp} />
      <TextField {...field('issuer')} hint={ssoTexts.issuerHelp} />
      <TextField {...field('subject')} hint={ssoTexts.subjectHelp} />
    </FormDialog>
  )
}

/** Nothing without any. */
export function SwitchedOffTokens({ user: { id, name } }: { user: User }) {
  const queries = useQueryClient()
  const found = useQuery(switchedOffTokensOf(id)).data
  const rights = useRights()
  const [switching, setSwitching] = useState(false)
  if (!found || found.length === 0) return null
  async function switchOn(): Promise<void> {
    const params = { path: { id } }
    const { switchedOn } = await got(api.POST('/api/v2/users/{id}/switched-off-tokens/switch-on', { params }))
    await queries.invalidateQueries({ queryKey: ['users'] })
    await queries.invalidateQueries({ queryKey: ['tokens'] })
    say(ssoTexts.switchedOn(switchedOn))
  }
  return (
    <Card
      title={ssoTexts.off}
      actions={
        rights.operator && (
          <Button small onClick={() => setSwitching(true)}>
            {ssoTexts.switchOn}
          </Button>
        )
      }
    >
      <p className="card-body muted">{ssoTexts.offText}</p>
      <ul className="lines">
        {found.map(({ id: tokenID, kind, name: tokenName, at, reason }) => (
          <li key={tokenID}>
            <p className="strong">
              {ssoTexts.kinds[kind] ?? kind}: {tokenName || ssoTexts.noName}
            </p>
            <p className="small muted">
              {reason} · <Time at={at} />
            </p>
          </li>
        ))}
      </ul>
      {switching && (
        <ConfirmDialog
          title={ssoTexts.switchOn}
          text={ssoTexts.switchOnText(name)}
          onClose={() => setSwitching(false)}
          onConfirm={switchOn}
        />
      )}
    </Card>
  )
}
