/** Form fields with label, hint and error, connected for assistive technology. */
import { type ComponentProps, type ReactNode, useId, useState } from 'react'
import { texts } from '../texts/entry.ts'
import { Button } from './button.tsx'
import { Icon } from './icons.tsx'

interface FieldParts {
  label: string
  hint?: ReactNode
  error?: string | undefined
  help?: ReactNode
}

function describe(id: string, { hint, error }: FieldParts) {
  return [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ') || undefined
}

function Around({
  id,
  label,
  hint,
  error,
  help,
  children,
}: FieldParts & { id: string; children: ReactNode }) {
  return (
    <div className="field">
      {help ? (
        <div className="row" style={{ gap: 4 }}>
          <label htmlFor={id} className="legend">
            {label}
          </label>
          {help}
        </div>
      ) : (
        <label htmlFor={id}>{label}</label>
      )}
      {children}
      {hint && (
        <div id={`${id}-hint`} className="hint">
          {hint}
        </div>
      )}
      {error && (
        <div id={`${id}-error`} className="error">
          {error}
        </div>
      )}
    </div>
  )
}

export function TextField({ label, hint, error, help, ...input }: FieldParts & ComponentProps<'input'>) {
  const id = useId()
  return (
    <Around id={id} {...{ label, hint, error, help }}>
      <input
        id={id}
        className="input"
        aria-invalid={error ? true : undefined}
        aria-describedby={describe(id, { label, hint, error })}
        {...firstFocus(input)}
        {...input}
      />
    </Around>
  )
}

/** Dialogs look for this attribute; React's autoFocus focuses the field without setting one. */
function firstFocus({ autoFocus }: ComponentProps<'input'>) {
  return autoFocus ? { 'data-autofocus': true } : {}
}

export function SelectField({
  label,
  hint,
  error,
  help,
  children,
  ...select
}: FieldParts & ComponentProps<'select'>) {
  const id = useId()
  return (
    <Around id={id} {...{ label, hint, error, help }}>
      <select id={id} className="input" aria-describedby={describe(id, { label, hint, error })} {...select}>
        {children}
      </select>
    </Around>
  )
}

/** A password field that can show its value; password managers and pasting work. */
export function PasswordField({ label, hint, error, ...input }: FieldParts & ComponentProps<'input'>) {
  const id = useId()
  const [shown, setShown] = useState(false)
  return (
    <Around id={id} {...{ label, hint, error }}>
      <div className="with-button">
        <input
          id={id}
          className="input"
          type={shown ? 'text' : 'password'}
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          aria-invalid={error ? true : undefined}
          aria-describedby={describe(id, { label, hint, error })}
          {...firstFocus(input)}
          {...input}
        />
        <Button
          look="plain"
          className="icon"
          aria-label={shown ? texts.fields.hidePassword : texts.fields.showPassword}
          aria-controls={id}
          onClick={() => setShown(!shown)}
        >
          <Icon name={shown ? 'eyeOff' : 'eye'} />
        </Button>
      </div>
    </Around>
  )
}

export function CheckField({
  label,
  hint,
  ...input
}: { label: ReactNode; hint?: ReactNode } & ComponentProps<'input'>) {
  const id = useId()
  return (
    <div className="check">
      <input id={id} type="checkbox" aria-describedby={hint ? `${id}-hint` : undefined} {...input} />
      <div>
        <label htmlFor={id}>{label}</label>
        {hint && (
          <div id={`${id}-hint`} className="muted small">
            {hint}
          </div>
        )}
      </div>
    </div>
  )
}

export function SwitchField({ label, ...input }: { label: string } & ComponentProps<'input'>) {
  return (
    <label className="switch">
      <input
        type="checkbox"
        role="switch"
        aria-checked={input.checked ?? false}
        className="hidden"
        {...input}
      />
      <span className="track" aria-hidden="true" />
      {label}
    </label>
  )
}
