/** The pages of one-time links, and the one that asks for such a link. */
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useState } from 'react'
import { api, got, type Shapes } from '../api/client.ts'
import { features } from '../api/entry-queries.ts'
import { asProblem } from '../api/problem.ts'
import { useLinkToken } from '../session/link-token.ts'
import { signIn } from '../session/sign-in.ts'
import { linkTexts } from '../texts/one-time-links.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice, Loading, Notice, sentence } from '../ui/feedback.tsx'
import { PasswordField, TextField } from '../ui/field.tsx'
import { SignedOutCard } from '../ui/signed-out-layout.tsx'
import { StrengthMeter } from '../ui/strength-meter.tsx'
import { useAct } from '../ui/use-act.ts'

type OneTimeLink = Shapes['OneTimeLink']

export function InvitationPage() {
  const words = linkTexts.invitation
  const navigate = useNavigate()
  const [name, setName] = useState('')
  return (
    <LinkPage title={words.title} purpose="invitation">
      {(link, token) => (
        <PasswordForm
          text={words.text(link.organization ?? '', link.role ?? '')}
          name={link.name ?? name}
          submit={words.submit}
          onSubmit={async (password) => {
            const body = { token, password, ...(link.name === undefined ? { name } : {}) }
            const user = await got(api.POST('/api/v2/signin/invitation', { body }))
            // The user is there, so whatever fails now, the sign-in page goes on.
            const entry = await signIn(user.name, password, false).catch(() => undefined)
            await navigate({ to: entry === 'in' ? '/' : entry === 'must-enrol' ? '/enrol' : '/signin' })
          }}
        >
          {link.name === undefined && (
            <TextField
              label={words.name}
              hint={words.nameHelp}
              name="username"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              required
              autoFocus
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </PasswordForm>
      )}
    </LinkPage>
  )
}

export function NewPasswordPage() {
  const words = linkTexts.newPassword
  const [done, setDone] = useState(false)
  if (done) return <Done title={words.title}>{words.done}</Done>
  return (
    <LinkPage title={words.title} purpose="reset">
      {(link, token) => (
        <PasswordForm
          text={words.text(link.name ?? '')}
          name={link.name ?? ''}
          submit={words.submit}
          onSubmit={async (password) => {
            await got(api.POST('/api/v2/signin/new-password', { body: { token, password } }))
            setDone(true)
          }}
        />
      )}
    </LinkPage>
  )
}

export function VerifyEmailPage() {
  const words = linkTexts.verify
  const [done, setDone] = useState(false)
  const { busy, error, send } = useSending()
  if (done) return <Done title={words.title}>{words.done}</Done>
  return (
    <LinkPage title={words.title} purpose="email">
      {(link, token) => (
        <form
          className="form"
          onSubmit={send(async () => {
            await got(api.POST('/api/v2/signin/verify-email', { body: { token } }))
            setDone(true)
          })}
        >
          <p>{words.text(link.address ?? '', link.name ?? '')}</p>
          <ErrorNotice error={error} />
          <Button type="submit" look="primary" className="wide" busy={busy}>
            {words.submit}
          </Button>
        </form>
      )}
    </LinkPage>
  )
}

export function ForgotPage() {
  const words = linkTexts.forgot
  const [name, setName] = useState('')
  const [done, setDone] = useState(false)
  const { busy, error, send } = useSending()
  if (done) {
    return (
      <Done title={words.title} more={words.doneText}>
        {words.done}
      </Done>
    )
  }
  return (
    <SignedOutCard title={words.title}>
      <form
        className="form"
        onSubmit={send(async () => {
          await got(api.POST('/api/v2/signin/forgot', { body: { name } }))
          setDone(true)
        })}
      >
        <p className="muted">{words.text}</p>
        <TextField
          label={words.name}
          name="username"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          autoFocus
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <ErrorNotice error={error} />
        <Button type="submit" look="primary" className="wide" busy={busy}>
          {words.submit}
        </Button>
      </form>
      <ToSignIn />
    </SignedOutCard>
  )
}

/** Shows what a link is for, or that it does not work. */
function LinkPage({
  title,
  purpose,
  children,
}: {
  title: string
  purpose: string
  children: (link: OneTimeLink, token: string) => ReactNode
}) {
  const token = useLinkToken()
  const link = useQuery({
    // Without the token, which no cache needs to know.
    queryKey: ['one-time-link', purpose],
    queryFn: () => got(api.POST('/api/v2/signin/link', { body: { token } })),
    ...{ enabled: token !== '', retry: false, gcTime: 0, staleTime: Number.POSITIVE_INFINITY },
  })
  const isInvalid = token === '' || asProblem(link.error).reason === 'link-invalid'
  const isOther = link.data !== undefined && link.data.purpose !== purpose
  return (
    <SignedOutCard title={title}>
      {isInvalid || isOther ? (
        <>
          <Notice kind="bad">
            <p className="strong">{linkTexts.broken}</p>
            <p>{linkTexts.brokenText}</p>
          </Notice>
          <ToSignIn />
        </>
      ) : link.data ? (
        children(link.data, token)
      ) : link.error ? (
        <ErrorNotice error={link.error} onRetry={() => link.refetch()} />
      ) : (
        <Loading />
      )}
    </SignedOutCard>
  )
}

function PasswordForm({
  text,
  name,
  submit,
  onSubmit,
  children,
}: {
  text: string
  /** The user's name, for password managers and the strength. */
  name: string
  submit: string
  onSubmit: (password: string) => Promise<unknown>
  children?: ReactNode
}) {
  const [password, setPassword] = useState('')
  const { busy, error, send } = useSending()
  const policy = useQuery(features).data?.passwordPolicy
  const { reason, message } = asProblem(error)
  const isWeak = reason === 'weak-password'
  return (
    <form className="form" onSubmit={send(() => onSubmit(password))}>
      <p className="muted">{text}</p>
      {children || (
        <input
          className="hidden"
          name="username"
          autoComplete="username"
          value={name}
          readOnly
          tabIndex={-1}
          aria-hidden="true"
        />
      )}
      <PasswordField
        label={linkTexts.newPassword.field}
        autoComplete="new-password"
        required
        autoFocus={!children}
        value={password}
        error={isWeak ? sentence(message) : undefined}
        onChange={(event) => setPassword(event.target.value)}
        hint={<StrengthMeter password={password} names={[name]} policy={policy} />}
      />
      <ErrorNotice error={isWeak ? undefined : error} />
      <Button type="submit" look="primary" className="wide" busy={busy}>
        {submit}
      </Button>
    </form>
  )
}

/** `send` is the handler of a form that does not run twice at once. */
function useSending() {
  const { busy, error, run } = useAct((act: () => Promise<unknown>) => act())
  const send = (act: () => Promise<unknown>) => (event: FormEvent) => {
    event.preventDefault()
    if (!busy) run(act)
  }
  return { busy, error, send }
}

function Done({ title, more, children }: { title: string; more?: string; children: ReactNode }) {
  return (
    <SignedOutCard title={title}>
      <Notice kind="good">{children}</Notice>
      {more && <p className="muted">{more}</p>}
      <ToSignIn />
    </SignedOutCard>
  )
}

function ToSignIn() {
  return (
    <p>
      <Link to="/signin">{linkTexts.toSignIn}</Link>
    </p>
  )
}
