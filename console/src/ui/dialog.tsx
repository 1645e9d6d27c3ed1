/** Modal dialogs: focus stays inside and returns to the opener afterwards. */
import { Dialog as AriaDialog, DialogHeading } from '@ariakit/react/dialog'
import { type FormEvent, type ReactNode, useRef, useState } from 'react'
import { texts } from '../texts/all.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './feedback.tsx'
import { TextField } from './field.tsx'
import { useAct } from './use-act.ts'

export function Dialog({
  title,
  onClose,
  alert = false,
  wide = false,
  frosted = false,
  children,
}: {
  title: string
  /** Undefined for a dialog that must be answered. */
  onClose?: (() => void) | undefined
  alert?: boolean
  wide?: boolean
  frosted?: boolean
  children: ReactNode
}) {
  /** Whether the current key press closes a list inside the dialog. */
  const inner = useRef(false)
  // Checked in the capture phase, because the list has already closed when the dialog handles the key.
  function noteInner({ key }: { key: string }): void {
    if (key !== 'Escape' || !isInnerOpen()) return
    inner.current = true
    setTimeout(() => {
      inner.current = false
    })
  }
  return (
    <AriaDialog
      open
      role={alert ? 'alertdialog' : 'dialog'}
      className={wide ? 'dialog wide' : 'dialog'}
      // A click beside the dialog must not discard typed text.
      hideOnInteractOutside={false}
      hideOnEscape={() => onClose !== undefined && !inner.current}
      onKeyDownCapture={noteInner}
      onClose={() => onClose?.()}
      backdrop={false}
      // Announcements and the session bar must stay reachable while a dialog is open.
      getPersistentElements={() => document.querySelectorAll('.toasts, .session-bar')}
      render={(props) => (
        <div className={frosted ? 'veil frosted' : 'veil'}>
          <div {...props} />
        </div>
      )}
    >
      {/* Marked as the dismiss element, because without one the library adds a hidden button. */}
      <DialogHeading
        render={(props) => (
          <h2 {...props} data-dialog-dismiss="">
            {title}
          </h2>
        )}
      />
      {children}
    </AriaDialog>
  )
}

/** Whether a list or popover is open inside the dialog, which Escape closes first. */
function isInnerOpen(): boolean {
  return document.querySelector('.dialog [aria-haspopup][aria-expanded="true"]') !== null
}

/** A dialog with a form: shows errors, and closes when the action has succeeded. */
export function FormDialog({
  title,
  submit,
  look = 'primary',
  wide,
  onClose,
  onSubmit,
  canSubmit = true,
  closes = () => true,
  children,
}: {
  title: string
  submit: string
  look?: 'primary' | 'bad-fill'
  wide?: boolean
  onClose: () => void
  onSubmit: () => Promise<unknown>
  canSubmit?: boolean
  /** Whether it closes once the action has succeeded; otherwise it shows something else then. */
  closes?: () => boolean
  children: ReactNode
}) {
  const act = useAct(onSubmit)
  async function send(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (!act.busy && canSubmit && (await act.run()) && closes()) onClose()
  }
  return (
    <Dialog title={title} onClose={onClose} wide={wide ?? false} alert={look === 'bad-fill'}>
      <form className="form" onSubmit={send}>
        {children}
        <ErrorNotice error={act.error} />
        <div className="actions end">
          <Button onClick={onClose}>{texts.cancel}</Button>
          <Button type="submit" look={look} busy={act.busy} disabled={!canSubmit}>
            {submit}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

/** Asks for confirmation of a dangerous action; with `typed`, the user must type that text. */
export function ConfirmDialog({
  title,
  text,
  submit = title,
  typed,
  onClose,
  onConfirm,
}: {
  title: string
  text: string
  submit?: string
  typed?: string
  onClose: () => void
  onConfirm: () => Promise<unknown>
}) {
  const [given, setGiven] = useState('')
  return (
    <FormDialog
      title={title}
      submit={submit}
      look="bad-fill"
      onClose={onClose}
      onSubmit={onConfirm}
      canSubmit={typed === undefined || given === typed}
    >
      <p>{text}</p>
      {typed !== undefined && (
        <TextField
          label={texts.people.typeName(typed)}
          value={given}
          onChange={(event) => setGiven(event.target.value)}
          autoComplete="off"
          spellCheck={false}
        />
      )}
    </FormDialog>
  )
}
