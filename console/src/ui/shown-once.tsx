/** Secrets that are shown once, in a dialog that only its button closes. */
import { texts } from '../texts/all.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Secret } from './secret.tsx'

function ShownOnce({
  title,
  text,
  label,
  value,
  wide = false,
  onClose,
}: {
  title: string
  text: string
  label: string
  value: string
  wide?: boolean
  onClose: () => void
}) {
  return (
    <Dialog title={title} wide={wide} onClose={undefined}>
      <p className="muted">{text}</p>
      <Secret value={value} label={label} />
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

/** The secret of a new or rotated token. */
export function NewSecret({ token, onClose }: { token: string; onClose: () => void }) {
  const { once, onceText } = texts.tokens
  return <ShownOnce title={once} text={onceText} label={once} value={token} wide onClose={onClose} />
}
