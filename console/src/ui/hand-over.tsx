import { texts } from '../texts/all.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Secret } from './secret.tsx'

/** Shows once the password that somebody is to be given. */
export function HandOver({
  name,
  password,
  onClose,
}: {
  name: string
  password: string
  onClose: () => void
}) {
  return (
    <Dialog title={texts.people.handOver} onClose={undefined}>
      <p className="muted">{texts.people.handOverText(name)}</p>
      <Secret value={password} label={texts.fields.password} />
      <div className="actions end">
        <Button look="primary" onClick={onClose}>
          {texts.tokens.done}
        </Button>
      </div>
    </Dialog>
  )
}
