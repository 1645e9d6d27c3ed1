/** Secrets that are shown once, in a dialog that only its button closes. */
import type { ReactNode } from 'react'
import { texts } from '../texts/all.ts'
import { linkTexts } from '../texts/one-time-links.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Secret } from './secret.tsx'

function ShownOnce({
  title,
  text,
  label,
  value,
  note,
  wide = false,
  onClose,
}: {
  title: string
  text: string
  label: string
  value: string
  note?: ReactNode
  wide?: boolean
  onClose: () => void
}) {
  return (
    <Dialog title={title} wide={wide} onClose={undefined}>
      <p className="muted">{text}</p>
      <Secret value={value} label={label} />
      {note && <p>{note}</p>}
      <div className="actions end">
        <Button look="primary" onClick={onClose}>
          {texts.tokens.done}
        </Button>
      </div>
    </Dialog>
  )
}

/** The password of a new user, or one after a reset. */
export function HandOver(props: { name: string; password: string; onClose: () => void }) {
  const { handOver, handOverText } = texts.people
  return (
    <ShownOnce
      title={handOver(props.name)}
      text={handOverText(props.name)}
      label={texts.fields.password}
      value={props.password}
      onClose={props.onClose}
    />
  )
}

/** A one-time link. Without `public-url` the server answers a path. */
export function LinkOnce({ link, onClose }: { link: string; onClose: () => void }) {
  return (
    <ShownOnce
      title={linkTexts.linkOnce}
      text={linkTexts.linkOnceText}
      label={linkTexts.linkOnce}
      value={new URL(link, location.origin).href}
      onClose={onClose}
      wide
    />
  )
}

/** The secret of a new or rotated token. */
export function NewSecret({
  token,
  title = texts.tokens.once,
  note,
  onClose,
}: {
  token: string
  title?: string
  /** What to know besides. */
  note?: ReactNode
  onClose: () => void
}) {
  return (
    <ShownOnce {...{ title, note, onClose }} text={texts.tokens.onceText} label={title} value={token} wide />
  )
}
