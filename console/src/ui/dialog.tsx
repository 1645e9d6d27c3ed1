/** Dialogs over the page: the focus stays in them and goes back afterwards. */
import { Dialog as AriaDialog, DialogHeading } from '@ariakit/react/dialog'
import { type FormEvent, type ReactNode, useRef, useState } from 'react'
import { texts } from '../texts/all.ts'
import { Button } from './button.tsx'
import { ErrorNotice } from './feedback.tsx'
import { TextField } from './field.tsx'

export function Dialog({
  title,
  onClose,
  alert = false,
  wide = false,
  frosted = false,
  children,
}: {
  title: string
  /** Undefined where it must be answered. */
  onClose?: (() => void) | undefined
  alert?: boolean
  wide?: boolean
  frosted?: boolean
  children: ReactNode
}) {
  /** Whether the key that is pressed is for a list that is open in the dialog. */
  const inner = useRef(false)
  // Beforehand: the list hears of the key twice, so that it is closed already when the dialog is asked.
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
      // What was typed is not lost to a click beside it.
      hideOnInteractOutside={false}
      hideOnEscape={() => onClose !== undefined && !inner.current}
      onKeyDownCapture={noteInner}
      onClose={() => onClose?.()}
      backdrop={false}
      // What is announced, and what keeps the session, must be within reach while a dialog is open.
      getPersistentElements={() => document.querySelectorAll('.toasts, .session-bar')}
      render={(props) => (
        <div className={frosted ? 'veil frosted' : 'veil'}>
          <div {...props} />
        </div>
      )}
    >
      {/* Said to be what closes it, since the library adds a hidden button of its own where there is none. */}
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

/** Whether something in the dialog has a list or a popover open, which Escape closes first. */
function isInnerOpen(): boolean {
  return document.querySelector('.dialog [aria-haspopup][aria-expanded="true"]') !== null
}

/** Does something once, and says how it went. */
export function useAct<Args extends unknown[]>(act: (...args: Args) => Promise<unknown>) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  return {
    busy,
    error,
    clear: () => setError(undefined),
    async run(...args: Args): Promise<boolean> {
      setBusy(true)
      setError(undefined)
      try {
        await act(...args)
        return true
      } catch (failed) {
        setError(failed)
        return false
      } finally {
        setBusy(false)
      }
    },
  }
}

/** A dialog with a form: what is wrong stands in it, and it closes once it is done. */
export function FormDialog({
  title,
  submit,
  look = 'primary',
  wide,
  onClose,
  onSubmit,
  canSubmit = true,
  children,
}: {
  title: string
  submit: string
  look?: 'primary' | 'bad-fill'
  wide?: boolean
  onClose: () => void
  onSubmit: () => Promise<unknown>
  canSubmit?: boolean
  children: ReactNode
}) {
  const act = useAct(onSubmit)
  async function send(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (!act.busy && canSubmit && (await act.run())) onClose()
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

/** Asks before a dangerous act; with `typed`, that text must be typed. */
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
