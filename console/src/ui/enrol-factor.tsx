/** Enrolling an authenticator app or a passkey, and recovery codes. */
import { type FormEvent, type ReactNode, useEffect, useState } from 'react'
import { api, got } from '../api/client.ts'
import { createPasskey } from '../api/passkeys.ts'
import { factorTexts } from '../texts/second-factors.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './feedback.tsx'
import { CheckField, TextField } from './field.tsx'
import { QrCode } from './qr-code.tsx'
import { CopyButton } from './secret.tsx'
import { useAct } from './use-act.ts'

interface Begun {
  readonly secret: string
  readonly qrCode: { readonly size: number; readonly path: string }
  readonly enrolment: string
}

/** Shows the secret and asks for a code; `onAdded` gets the recovery codes of the first factor. */
export function EnrolApp({
  onAdded,
  children,
}: {
  onAdded: (recoveryCodes: readonly string[] | undefined) => void
  /** Further buttons. */
  children?: ReactNode
}) {
  const [begun, setBegun] = useState<Begun>()
  const [name, setName] = useState<string>(factorTexts.appName)
  const [code, setCode] = useState('')
  const begin = useAct(async () => setBegun(await got(api.POST('/api/v2/me/second-factors/totp'))))
  const add = useAct(async () => {
    const body = { name, code, enrolment: begun?.enrolment ?? '' }
    onAdded((await got(api.POST('/api/v2/me/second-factors', { body }))).recoveryCodes)
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: begins once; `run` is new with each render
  useEffect(() => {
    begin.run()
  }, [])

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (!add.busy && begun) add.run()
  }

  return (
    <form className="form" onSubmit={submit} aria-label={factorTexts.addApp}>
      <ErrorNotice error={begin.error} />
      {begun && (
        <>
          <p className="muted">{factorTexts.scan}</p>
          <QrCode {...begun.qrCode} label={factorTexts.qr} />
          <p className="row">
            <span className="muted">{factorTexts.key}</span> <code data-secret>{begun.secret}</code>
            <CopyButton text={begun.secret} />
          </p>
          <TextField
            label={factorTexts.name}
            hint={factorTexts.nameHelp}
            required
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <TextField
            label={factorTexts.code}
            inputMode="numeric"
            autoComplete="one-time-code"
            required
            autoFocus
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        </>
      )}
      <ErrorNotice error={add.error} />
      <div className="actions end">
        {children}
        <Button type="submit" look="primary" busy={add.busy} disabled={!begun}>
          {factorTexts.add}
        </Button>
      </div>
    </form>
  )
}

/** Asks for a name and then the browser for a passkey; `onAdded` gets the recovery codes of the first factor. */
export function EnrolPasskey({
  onAdded,
  children,
}: {
  onAdded: (recoveryCodes: readonly string[] | undefined) => void
  /** Further buttons. */
  children?: ReactNode
}) {
  const [name, setName] = useState<string>(factorTexts.passkeyName)
  const add = useAct(async () => {
    const { publicKey, enrolment } = await got(api.POST('/api/v2/me/passkeys/challenge'))
    const passkey = await createPasskey(publicKey)
    const body = { name, enrolment, passkey }
    onAdded((await got(api.POST('/api/v2/me/passkeys', { body }))).recoveryCodes)
  })

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (!add.busy) add.run()
  }

  return (
    <form className="form" onSubmit={submit} aria-label={factorTexts.addPasskey}>
      <p className="muted">{factorTexts.passkeyText}</p>
      <TextField
        label={factorTexts.name}
        hint={factorTexts.nameHelp}
        required
        autoFocus
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <ErrorNotice error={add.error} />
      <div className="actions end">
        {children}
        <Button type="submit" look="primary" busy={add.busy}>
          {factorTexts.goOn}
        </Button>
      </div>
    </form>
  )
}

/** Recovery codes, shown once; `onSaved` is offered once the person says that they are saved. */
export function RecoveryCodes({ codes, onSaved }: { codes: readonly string[]; onSaved: () => void }) {
  const [saved, setSaved] = useState(false)
  return (
    <div className="stack">
      <p className="muted">
        {factorTexts.codesText} {factorTexts.codesOnce}
      </p>
      <ul className="recovery-codes" aria-label={factorTexts.codes}>
        {codes.map((code) => (
          <li key={code}>
            <code data-secret>{code}</code>
          </li>
        ))}
      </ul>
      <CopyButton text={codes.join('\n')} />
      <CheckField
        label={factorTexts.saved}
        checked={saved}
        onChange={(event) => setSaved(event.target.checked)}
      />
      <div className="actions end">
        <Button look="primary" disabled={!saved} onClick={onSaved}>
          {factorTexts.goOn}
        </Button>
      </div>
    </div>
  )
}
