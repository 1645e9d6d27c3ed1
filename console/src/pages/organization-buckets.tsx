import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { api, got, type Shapes } from '../api/client.ts'
import { bucketsOf, PAGE } from '../api/queries.ts'
import { texts } from '../texts/all.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog, FormDialog } from '../ui/dialog.tsx'
import { Empty, Loaded } from '../ui/feedback.tsx'
import { SelectField, TextField } from '../ui/field.tsx'
import { Help } from '../ui/help.tsx'
import { pageOf, useListState } from '../ui/list-state.ts'
import { ActionMenu } from '../ui/menu.tsx'
import { Card } from '../ui/page.tsx'
import { Pager } from '../ui/pager.tsx'
import { RETENTIONS, retentionText, usualShardGroup } from '../ui/retentions.ts'
import { SearchField } from '../ui/search-field.tsx'
import { CopyButton } from '../ui/secret.tsx'
import { say } from '../ui/toast.tsx'
import { useRights } from '../ui/use-rights.ts'

type Bucket = Shapes['Bucket']
const route = getRouteApi('/inside/organizations/$id/buckets')
const { organizations: words } = texts
const secondsOf = ({ retentionRules: [rule] }: Bucket) => rule?.everySeconds ?? 0

export function Buckets({ orgID }: { orgID: string }) {
  const queries = useQueryClient()
  const rights = useRights()
  const query = useQuery(bucketsOf(orgID))
  const [editing, setEditing] = useState<Bucket | 'new'>()
  const [deleting, setDeleting] = useState<Bucket>()
  const refresh = () => queries.invalidateQueries({ queryKey: ['orgs'] })
  return (
    <Card
      title={words.buckets}
      help={<Help about={words.buckets}>{words.bucketsHelp}</Help>}
      actions={
        rights.may('write', 'buckets', { orgID }) && (
          <Button small onClick={() => setEditing('new')}>
            {words.newBucket}
          </Button>
        )
      }
    >
      <Loaded query={query}>
        {(buckets) => (
          <List all={buckets}>
            {(shown) => (
              <div className="table-wrap">
                <table className="cards">
                  <thead>
                    <tr>
                      <th>{words.name}</th>
                      <th>{words.retention}</th>
                      <th>{words.bucketID}</th>
                      <th className="end">
                        <span className="hidden">{texts.actions}</span>
                      </th>
                    </tr>
                  </thead>
                  <tbody>
                    {shown.map((bucket) => (
                      <tr key={bucket.id}>
                        <td>
                          <span className="row" style={{ gap: 8 }}>
                            <span className="strong">{bucket.name}</span>
                            {bucket.type === 'system' && <span className="badge">{words.system}</span>}
                          </span>
                          {bucket.description && <div className="muted small">{bucket.description}</div>}
                        </td>
                        <td data-label={words.retention} className="muted">
                          {retentionText(secondsOf(bucket))}
                        </td>
                        <td data-label={words.bucketID}>
                          <span className="row" style={{ gap: 8 }}>
                            <code>{bucket.id}</code>
                            <CopyButton text={bucket.id} of={bucket.name} />
                          </span>
                        </td>
                        <td className="end">
                          {bucket.type !== 'system' &&
                            rights.may('write', 'buckets', { id: bucket.id, orgID }) && (
                              <ActionMenu
                                label={words.bucketActions(bucket.name)}
                                groups={[
                                  [{ id: 'edit', label: texts.edit, act: () => setEditing(bucket) }],
                                  [
                                    {
                                      id: 'delete',
                                      label: words.deleteBucket,
                                      act: () => setDeleting(bucket),
                                    },
                                  ],
                                ]}
                              />
                            )}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
          </List>
        )}
      </Loaded>
      {editing && (
        <EditBucket
          orgID={orgID}
          bucket={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
          onDone={refresh}
        />
      )}
      {deleting && (
        <ConfirmDialog
          title={words.deleteBucket}
          text={words.deleteBucketText(deleting.name)}
          typed={deleting.name}
          onClose={() => setDeleting(undefined)}
          onConfirm={async () => {
            await got(api.DELETE('/api/v2/buckets/{id}', { params: { path: { id: deleting.id } } }))
            await refresh()
            say(words.deleted(deleting.name))
          }}
        />
      )}
    </Card>
  )
}

/** A list of at most this length needs no search. */
const FEW = 10

/** The buckets by page and search. */
function List({
  all,
  children,
}: {
  all: readonly Bucket[]
  children: (shown: readonly Bucket[]) => ReactNode
}) {
  const list = useListState(route.useSearch())
  const wanted = list.search.toLowerCase()
  const found = all.filter(({ id, name, description = '' }) =>
    [id, name, description].some((text) => text.toLowerCase().includes(wanted)),
  )
  const { page, shown } = pageOf(found, list.page, PAGE)
  return (
    <>
      {(all.length > FEW || list.search) && (
        <div className="filter one">
          <SearchField label={words.searchBuckets} list={list} />
        </div>
      )}
      {found.length === 0 ? (
        <Empty icon="search" title={words.noBuckets}>
          {list.search && words.noMatchText(list.search)}
        </Empty>
      ) : (
        <>
          {children(shown)}
          {all.length > FEW && <Pager page={page} size={PAGE} total={found.length} onPage={list.setPage} />}
        </>
      )}
    </>
  )
}

/** A dialog that changes a bucket or, without one, creates it. */
function EditBucket({
  orgID,
  bucket,
  onClose,
  onDone,
}: {
  orgID: string
  bucket: Bucket | undefined
  onClose: () => void
  onDone: () => Promise<unknown>
}) {
  const before = bucket ? secondsOf(bucket) : 0
  const [name, setName] = useState(bucket?.name ?? '')
  const [description, setDescription] = useState(bucket?.description ?? '')
  const [seconds, setSeconds] = useState(before)
  const isListed = RETENTIONS.some(([each]) => each === before)
  async function save(): Promise<void> {
    const retentionRules =
      seconds === before
        ? []
        : [
            {
              ...{ type: 'expire', everySeconds: seconds },
              // The old length of shard groups may be longer than the new retention, which would be refused.
              ...(bucket ? { shardGroupDurationSeconds: usualShardGroup(seconds) } : {}),
            },
          ]
    const body = { name, description, retentionRules }
    if (bucket) {
      await got(api.PATCH('/api/v2/buckets/{id}', { params: { path: { id: bucket.id } }, body }))
    } else {
      await got(api.POST('/api/v2/buckets', { body: { orgID, ...body } }))
    }
    await onDone()
    say(bucket ? words.changed(name) : words.bucketCreated(name))
  }
  return (
    <FormDialog
      title={bucket ? words.editBucket : words.newBucket}
      submit={bucket ? texts.save : words.createBucket}
      onClose={onClose}
      onSubmit={save}
    >
      <TextField
        label={words.name}
        required
        autoFocus
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <TextField
        label={words.description}
        autoComplete="off"
        value={description}
        onChange={(event) => setDescription(event.target.value)}
      />
      <SelectField
        label={words.retention}
        hint={seconds !== 0 && (before === 0 || seconds < before) && bucket ? words.retentionHint : undefined}
        value={seconds}
        onChange={(event) => setSeconds(Number(event.target.value))}
      >
        {!isListed && <option value={before}>{retentionText(before)}</option>}
        {RETENTIONS.map(([each, label]) => (
          <option key={each} value={each}>
            {label}
          </option>
        ))}
      </SelectField>
    </FormDialog>
  )
}
