import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, got, type Shapes } from '../api/client.ts'
import { bucketsOf } from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog, FormDialog } from '../ui/dialog.tsx'
import { Loaded } from '../ui/feedback.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { Help } from '../ui/help.tsx'
import { Card } from '../ui/page.tsx'
import { RETENTIONS, retentionText } from '../ui/retentions.ts'

export function Buckets({ orgID }: { orgID: string }) {
  const queries = useQueryClient()
  const query = useQuery(bucketsOf(orgID))
  const [creating, setCreating] = useState(false)
  const [deleting, setDeleting] = useState<Shapes['Bucket']>()
  const refresh = () => queries.invalidateQueries(bucketsOf(orgID))
  return (
    <Card
      title={texts.organizations.buckets}
      help={<Help about={texts.organizations.buckets}>{texts.organizations.bucketsHelp}</Help>}
      actions={
        <Button small onClick={() => setCreating(true)}>
          {texts.organizations.newBucket}
        </Button>
      }
    >
      <Loaded query={query}>
        {(buckets) => (
          <div className="table-wrap">
            <table className="cards">
              <thead>
                <tr>
                  <th>{texts.organizations.name}</th>
                  <th>{texts.organizations.retention}</th>
                  <th className="end">
                    <span className="hidden">{texts.delete}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {buckets.map((bucket) => (
                  <tr key={bucket.id}>
                    <td>
                      <span className="row" style={{ gap: 8 }}>
                        <span className="strong">{bucket.name}</span>
                        {bucket.type === 'system' && (
                          <span className="badge">{texts.organizations.system}</span>
                        )}
                      </span>
                    </td>
                    <td data-label={texts.organizations.retention} className="muted">
                      {retentionText(bucket.retentionRules[0]?.everySeconds ?? 0)}
                    </td>
                    <td className="end">
                      {bucket.type !== 'system' && (
                        <Button
                          look="plain"
                          small
                          aria-label={`${texts.delete} ${bucket.name}`}
                          onClick={() => setDeleting(bucket)}
                        >
                          {texts.delete}
                        </Button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
      {creating && <CreateBucket orgID={orgID} onClose={() => setCreating(false)} onMade={refresh} />}
      {deleting && (
        <ConfirmDialog
          title={texts.organizations.deleteBucket}
          text={texts.organizations.deleteBucketText(deleting.name)}
          typed={deleting.name}
          onClose={() => setDeleting(undefined)}
          onConfirm={async () => {
            await got(api.DELETE('/api/v2/buckets/{id}', { params: { path: { id: deleting.id } } }))
            await refresh()
          }}
        />
      )}
    </Card>
  )
}

function CreateBucket({
  orgID,
  onClose,
  onMade,
}: {
  orgID: string
  onClose: () => void
  onMade: () => Promise<unknown>
}) {
  const [name, setName] = useState('')
  const [seconds, setSeconds] = useState(0)
  async function create(): Promise<void> {
    const retentionRules = seconds > 0 ? [{ type: 'expire', everySeconds: seconds }] : []
    await got(api.POST('/api/v2/buckets', { body: { orgID, name, retentionRules } }))
    await onMade()
  }
  return (
    <FormDialog
      title={texts.organizations.newBucket}
      submit={texts.organizations.createBucket}
      onClose={onClose}
      onSubmit={create}
    >
      <TextField
        label={texts.organizations.name}
        required
        autoFocus
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <SelectField
        label={texts.organizations.retention}
        value={seconds}
        onChange={(event) => setSeconds(Number(event.target.value))}
      >
        {RETENTIONS.map(([each, label]) => (
          <option key={each} value={each}>
            {label}
          </option>
        ))}
      </SelectField>
    </FormDialog>
  )
}
