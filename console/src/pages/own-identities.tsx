/** One's own identities at providers: a button for each provider that links one, and how the last attempt went. */
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { api, got } from '../api/client.ts'
import { features } from '../api/entry-queries.ts'
import { identitiesOf } from '../api/queries.ts'
import { providerTexts } from '../texts/providers.ts'
import { ssoTexts } from '../texts/single-sign-on.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice, Notice } from '../ui/feedback.tsx'
import { useAct } from '../ui/use-act.ts'
import { Identities } from './identities.tsx'

export function OwnIdentities({ user }: { user: { readonly id: string; readonly name: string } }) {
  const providers = useQuery(features).data?.providers ?? []
  const linked = useQuery(identitiesOf(user.id)).data ?? []
  const { problem, linked: justLinked } = useSearch({ from: '/inside/account' })
  const go = useAct(async (name: string) => {
    const body = { return: `/account?linked=${name}` }
    const params = { path: { name } }
    const { url } = await got(api.POST('/api/v2/me/identities/oidc/{name}', { params, body }))
    location.assign(url)
  })
  const isLinked = (name: string) => linked.some(({ provider }) => provider === name)
  const open = providers.filter(({ name }) => !isLinked(name))
  // The address alone, which anybody can write, is no proof that it was linked.
  const done = problem === undefined && providers.find(({ name }) => name === justLinked && isLinked(name))
  return (
    <Identities user={user} isShown={providers.length > 0}>
      {(problem !== undefined || done || go.error || open.length > 0) && (
        <div className="card-body stack">
          {problem !== undefined && (
            <Notice kind="bad">
              {providerTexts.problems[problem] ?? providerTexts.problems.misconfigured}
            </Notice>
          )}
          {done && <Notice kind="good">{ssoTexts.ownLinked(done.label)}</Notice>}
          <ErrorNotice error={go.error} />
          {open.length > 0 && (
            <>
              <p className="muted">{ssoTexts.linkOwnText}</p>
              <div className="row">
                {open.map(({ name, label }) => (
                  <Button key={name} small busy={go.busy} onClick={() => go.run(name)}>
                    {ssoTexts.linkOwn(label)}
                  </Button>
                ))}
              </div>
            </>
          )}
        </div>
      )}
    </Identities>
  )
}
