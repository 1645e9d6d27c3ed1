/** A link by which a user sets a new password, made by an operator. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, got, type Shapes } from '../api/client.ts'
import { emailOf, features } from '../api/queries.ts'
import { linkTexts as words } from '../texts/one-time-links.ts'
import { FormDialog } from '../ui/dialog.tsx'
import { CheckField } from '../ui/field.tsx'
import { LinkOnce } from '../ui/shown-once.tsx'
import { say } from '../ui/toast.tsx'

export function PasswordLink({ user: { id, name }, onClose }: { user: Shapes['User']; onClose: () => void }) {
  const hasMail = useQuery(features).data?.mail ?? false
  const address = useQuery({ ...emailOf(id), enabled: hasMail }).data?.address
  const [mail, setMail] = useState(false)
  const [link, setLink] = useState<string>()
  if (link !== undefined) return <LinkOnce link={link} onClose={onClose} />
  async function make(): Promise<void> {
    const params = { path: { id } }
    const made = await got(api.POST('/api/v2/users/{id}/password-link', { params, body: { mail } }))
    if (made.link === undefined) say(words.mailed(address ?? ''))
    else setLink(made.link)
  }
  return (
    <FormDialog
      title={words.resetLink}
      submit={words.resetLinkSubmit}
      closes={() => mail}
      onClose={onClose}
      onSubmit={make}
    >
      <p>{words.resetLinkText(name)}</p>
      {address !== undefined && (
        <CheckField
          label={words.mailIt(address)}
          checked={mail}
          onChange={(event) => setMail(event.target.checked)}
        />
      )}
    </FormDialog>
  )
}
