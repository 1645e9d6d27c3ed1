/** The permissions of a new token, from the choices on the page. */
import type { Shapes } from '../api/client.ts'

type Permission = Shapes['Permission']
export type Action = 'read' | 'write'
export type Mode = 'buckets' | 'all' | 'custom'

/** The checked boxes: by bucket id, or `*` for all buckets, and by resource type. */
export interface Choice {
  readonly mode: Mode
  readonly buckets: ReadonlySet<string>
  readonly types: ReadonlySet<string>
}

export const keyOf = (action: Action, what: string) => `${action} ${what}`
export const ACTIONS: readonly Action[] = ['read', 'write']

/** The chosen permissions in display order, all within one organization. */
export function permissionsOf(choice: Choice, orgID: string, types: readonly string[]): Permission[] {
  const ofType = (action: Action, type: string): Permission => {
    return { action, resource: type === 'orgs' ? { type, id: orgID } : { type, orgID } }
  }
  const organizational = types.filter((type) => type !== 'instance')
  if (choice.mode === 'all')
    return organizational.flatMap((type) => ACTIONS.map((each) => ofType(each, type)))
  if (choice.mode === 'custom') {
    return organizational.flatMap((type) =>
      ACTIONS.filter((each) => choice.types.has(keyOf(each, type))).map((each) => ofType(each, type)),
    )
  }
  return [...choice.buckets].toSorted().map((key) => {
    const [action = 'read', id = ''] = key.split(' ') as [Action, string]
    return id === '*' ? ofType(action, 'buckets') : { action, resource: { type: 'buckets', id, orgID } }
  })
}

/** A shell command that creates the same token. */
export function curlFor(origin: string, body: unknown): string {
  const json = JSON.stringify(body, null, 2).replaceAll("'", "'\\''")
  return [
    `curl -X POST '${origin}/api/v2/authorizations' \\`,
    '  -H "Authorization: Token $SLUICE_TOKEN" \\',
    "  -H 'Content-Type: application/json' \\",
    `  -d '${json}'`,
  ].join('\n')
}
