/** The second factors of another user, for operators. Nothing is shown of a user without any. */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, got, type Shapes } from '../api/client.ts'
import { factorsOf } from '../api/queries.ts'
import { factorTexts } from '../texts/second-factors.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/dialog.tsx'
import { Card } from '../ui/page.tsx'
import { Time } from '../ui/time.tsx'
import { say } from '../ui/toast.tsx'

export function PersonFactors({ user: { id, name } }: { user: Shapes['User'] }) {
  const queries = useQueryClient()
  const found = useQuery(factorsOf(id)).data
  const [resetting, setResetting] = useState(false)
  if (!found || found.factors.length === 0) return null
  async function reset(): Promise<void> {
    await got(api.DELETE('/api/v2/users/{id}/second-factors', { params: { path: { id } } }))
    await queries.invalidateQueries({ queryKey: ['second-factors'] })
    await queries.invalidateQueries({ queryKey: ['sessions'] })
    say(factorTexts.resetDone)
  }
  return (
    <Card
      title={factorTexts.title}
      actions={
        <Button small look="bad" onClick={() => setResetting(true)}>
          {factorTexts.reset}
        </Button>
      }
    >
      <ul className="lines">
        {found.factors.map(({ id: factorID, kind, name: factorName, createdAt }) => (
          <li key={factorID}>
            <p className="strong">{factorName}</p>
            <p className="small muted">
              {factorTexts.kinds[kind] ?? kind} · {factorTexts.added.toLowerCase()} <Time at={createdAt} />
            </p>
          </li>
        ))}
      </ul>
      {resetting && (
        <ConfirmDialog
          title={factorTexts.reset}
          text={factorTexts.resetText(name)}
          onClose={() => setResetting(false)}
          onConfirm={reset}
        />
      )}
    </Card>
  )
}
