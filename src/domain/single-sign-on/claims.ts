/** Reading claims: what a provider says about a person, as parsed JSON. */

export type Claims = Readonly<Record<string, unknown>>

/**
 * The value of a claim by its name, or by a JSON pointer (RFC 6901) if the text begins with `/`. Only own properties
 * count, so that no name reaches what every object has.
 */
export function claimAt(claims: Claims, nameOrPointer: string): unknown {
  if (!nameOrPointer.startsWith('/')) return own(claims, nameOrPointer)
  const steps = nameOrPointer.slice(1).split('/')
  return steps.reduce<unknown>(
    (value, step) => own(value, step.replaceAll('~1', '/').replaceAll('~0', '~')),
    claims,
  )
}

function own(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
  return (value as Claims)[key]
}

/** The texts of a claim: of a list its strings; numbers and booleans as JSON writes them; nothing for the rest. */
export function claimValues(claims: Claims, nameOrPointer: string): string[] {
  const value = claimAt(claims, nameOrPointer)
  const all = Array.isArray(value) ? value : [value]
  return all.flatMap((each) => {
    if (typeof each === 'string') return [each]
    return typeof each === 'number' || typeof each === 'boolean' ? [String(each)] : []
  })
}

/**
 * The groups in a claim: a string is one group, of a list only the strings count. A claim that is missing is an empty
 * list, since who was removed from all groups may be sent none.
 */
export function groupsIn(claims: Claims, nameOrPointer: string): string[] {
  const value = claimAt(claims, nameOrPointer)
  const all = Array.isArray(value) ? value : [value]
  return all.filter((each) => typeof each === 'string' && each !== '')
}

/**
 * Whether the provider left groups out because there are too many (Microsoft Entra ID sends a pointer in
 * `_claim_names` above 200). The groups are unknown then, and neither giving nor taking away is right.
 */
export function lacksGroups(claims: Claims, nameOrPointer: string): boolean {
  const first = nameOrPointer.startsWith('/') ? (nameOrPointer.split('/')[1] ?? '') : nameOrPointer
  return own(own(claims, '_claim_names'), first) !== undefined || own(claims, 'hasgroups') === true
}
