/** What is done with several tokens at once. */
import { type FormEvent, useState } from 'react'
import { asProblem } from '../api/problem.ts'
import { texts } from '../texts/all.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Notice } from '../ui/feedback.tsx'
import { say } from '../ui/toast.tsx'
import { changeToken, deleteToken, useTokenReload } from '../ui/token-actions.tsx'
import { isSelectable, nameOf, type Token, tokenRights } from '../ui/token-state.ts'
import { useRights } from '../ui/use-rights.ts'

export type ManyAct = 'off' | 'delete'

/** Names in the dialog; the others are counted. */
const NAMED = 5

export function SelectionBar({
  chosen,
  found,
  onSelect,
  onAct,
}: {
  chosen: readonly Token[]
  found: readonly Token[]
  onSelect: (ids: readonly string[]) => void
  onAct: (act: ManyAct) => void
}) {
  const rights = useRights()
  const selectable = found.filter((token) => isSelectable(token, rights))
  const allowed = chosen.map((token) => ({ token, may: tokenRights(rights, token) }))
  return (
    <div className="selection">
      <span className="strong" role="status">
        {texts.tokens.selected(chosen.length)}
      </span>
      {chosen.length < selectable.length && (
        <Button look="plain" small onClick={() => onSelect(selectable.map(({ id }) => id))}>
          {texts.tokens.selectAll(selectable.length)}
        </Button>
      )}
      <Button look="plain" small onClick={() => onSelect([])}>
        {texts.tokens.unselect}
      </Button>
      <span className="grow" />
      {allowed.some(({ token, may }) => token.status === 'active' && may.disable) && (
        <Button small onClick={() => onAct('off')}>
          {texts.tokens.off}
        </Button>
      )}
      {allowed.some(({ may }) => may.remove) && (
        <Button small look="bad" onClick={() => onAct('delete')}>
          {texts.delete}
        </Button>
      )}
    </div>
  )
}

interface Failure {
  readonly token: Token
  readonly message: string
}

/** Asks, changes one token after the other while it shows how far it is, and lists what failed. */
export function ChangeMany({
  act,
  tokens,
  onClose,
}: {
  act: ManyAct
  tokens: readonly Token[]
  onClose: () => void
}) {
  const reload = useTokenReload()
  const rights = useRights()
  const [wanted] = useState(() =>
    tokens.filter((token) => {
      const may = tokenRights(rights, token)
      return act === 'delete' ? may.remove : token.status === 'active' && may.disable
    }),
  )
  const [done, setDone] = useState<number>()
  const [failures, setFailures] = useState<readonly Failure[]>()
  const words = texts.tokens.changeMany[act]
  const isRunning = done !== undefined && failures === undefined

  async function run(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (done !== undefined) return
    const failed: Failure[] = []
    for (const [at, token] of wanted.entries()) {
      setDone(at)
      try {
        await (act === 'delete' ? deleteToken(token.id) : changeToken(token.id, { status: 'inactive' }))
      } catch (error) {
        failed.push({ token, message: asProblem(error).message })
      }
    }
    setDone(wanted.length)
    reload()
    if (failed.length < wanted.length) say(words.done(wanted.length - failed.length))
    if (failed.length === 0) onClose()
    else setFailures(failed)
  }

  return (
    <Dialog title={words.submit(wanted.length)} alert onClose={isRunning ? undefined : onClose}>
      <form className="form" onSubmit={run}>
        {failures ? (
          <Notice kind="bad">
            <p>{texts.tokens.failed(failures.length, wanted.length)}</p>
            <ul className="failures">
              {failures.map(({ token, message }) => (
                <li key={token.id}>
                  <span className="strong">{nameOf(token)}</span>: {message}
                </li>
              ))}
            </ul>
          </Notice>
        ) : (
          <>
            <p>{words.text}</p>
            <p className="names">
              {wanted.slice(0, NAMED).map(nameOf).join(', ')}
              {wanted.length > NAMED && ` ${texts.permissions.more(wanted.length - NAMED)}`}
            </p>
          </>
        )}
        {isRunning && (
          <div className="progress" role="status">
            <progress value={done} max={wanted.length} aria-label={words.submit(wanted.length)} />
            <span className="small muted">{texts.tokens.progress(done, wanted.length)}</span>
          </div>
        )}
        <div className="actions end">
          {failures ? (
            <Button onClick={onClose}>{texts.close}</Button>
          ) : (
            <>
              <Button onClick={onClose} disabled={isRunning}>
                {texts.cancel}
              </Button>
              <Button type="submit" look="bad-fill" busy={isRunning}>
                {words.submit(wanted.length)}
              </Button>
            </>
          )}
        </div>
      </form>
    </Dialog>
  )
}
