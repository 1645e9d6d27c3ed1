import { texts } from '../texts/all.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Secret } from './secret.tsx'

/** Shows once the secret of a new or rotated token. */
export function NewSecret({ token, onClose }: { token: string; onClose: () => void }) {
  return (
    <Dialog title={texts.tokens.once} wide onClose={undefined}>
      <p className="muted">{texts.tokens.onceText}</p>
      <Secret value={token} label={texts.tokens.once} />
      <div className="actions end">
        <Button look="primary" onClick={onClose}>
          {texts.tokens.done}
        </Button>
      </div>
    </Dialog>
  )
}
