/** Buttons that sign in through providers, and what went wrong there. Loaded only if there is any. */
import { useEffect, useState } from 'react'
import { api, got } from '../api/client.ts'
import { asProblem } from '../api/problem.ts'
import { providerTexts as texts } from '../texts/providers.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice, Notice } from '../ui/feedback.tsx'

export interface OfferedProvider {
  readonly name: string
  readonly label: string
  readonly autoRedirect: boolean
}

/** What the server's refusals mean here; the callback says the same by the parameter `problem`. */
const AWAY: Readonly<Record<string, string>> = {
  'provider-away': 'provider-away',
  'provider-misconfigured': 'misconfigured',
}

export function Providers({
  providers,
  problem: given,
  returnTo,
  again = false,
  goesByItself = false,
  hasForm = true,
}: {
  providers: readonly OfferedProvider[]
  /** The problem of the attempt before. */
  problem?: string | undefined
  /** The path to open afterwards. */
  returnTo: string
  /** Whether users must prove themselves at the provider once more. */
  again?: boolean
  /** Whether a provider with `autoRedirect` needs no click. */
  goesByItself?: boolean
  /** Whether the form for a password follows. */
  hasForm?: boolean
}) {
  const [busy, setBusy] = useState<string>()
  const [error, setError] = useState<unknown>()
  const reason = error === undefined ? undefined : AWAY[asProblem(error).reason ?? '']
  const problem = error === undefined ? given : reason

  async function go(name: string): Promise<void> {
    setBusy(name)
    setError(undefined)
    try {
      const body = { return: returnTo, ...(again ? { again } : {}) }
      const { url } = await got(api.POST('/api/v2/signin/oidc/{name}', { params: { path: { name } }, body }))
      location.assign(url)
    } catch (failed) {
      setBusy(undefined)
      setError(failed)
    }
  }

  const automatic = goesByItself ? providers.find(({ autoRedirect }) => autoRedirect)?.name : undefined
  // biome-ignore lint/correctness/useExhaustiveDependencies: it goes there once, when the page opens
  useEffect(() => {
    if (automatic !== undefined) go(automatic)
  }, [automatic])

  return (
    <div className="stack">
      {problem !== undefined && (
        <Notice kind="bad">{texts.problems[problem] ?? texts.problems.misconfigured}</Notice>
      )}
      {error !== undefined && problem === undefined && <ErrorNotice error={error} />}
      {providers.map(({ name, label }) => (
        <Button
          key={name}
          className="wide"
          busy={busy === name}
          disabled={busy !== undefined && busy !== name}
          onClick={() => go(name)}
        >
          {texts.with(label)}
        </Button>
      ))}
      {providers.length > 0 && hasForm && <p className="muted small">{texts.or}</p>}
    </div>
  )
}
