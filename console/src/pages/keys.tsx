/** The list of keyboard shortcuts, with the switch for those of a single character. */
import { useState } from 'react'
import { texts } from '../texts/all.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { CheckField } from '../ui/field.tsx'
import { chooseSingleKeys, usesSingleKeys } from '../ui/shortcuts.ts'

export function Keys({ onClose }: { onClose: () => void }) {
  const [uses, setUses] = useState(usesSingleKeys)
  return (
    <Dialog title={texts.palette.keys} onClose={onClose}>
      <dl className="facts">
        {texts.palette.keysHelp.map(([keys, about]) => (
          <div key={about} className="pair">
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{about}</dd>
          </div>
        ))}
      </dl>
      <CheckField
        label={texts.palette.singleKeys}
        hint={texts.palette.singleKeysHint}
        checked={uses}
        onChange={({ target: { checked } }) => {
          chooseSingleKeys(checked)
          setUses(checked)
        }}
      />
      <div className="actions end">
        <Button look="primary" onClick={onClose}>
          {texts.close}
        </Button>
      </div>
    </Dialog>
  )
}
