import type { LinkedIdentity, LinkedIdentityStore } from '../records/outside-identity.ts'

const PAGE = 500

/** All identities of an issuer, ordered by subject. Pages are read one by one, as the reader goes on. */
export async function* linksOfIssuer(
  linkedIdentities: Pick<LinkedIdentityStore, 'ofIssuer'>,
  issuer: string,
): AsyncGenerator<LinkedIdentity, void> {
  let after: string | undefined
  for (;;) {
    const page = await linkedIdentities.ofIssuer(issuer, { after, limit: PAGE })
    yield* page
    if (page.length < PAGE) return
    after = page.at(-1)?.subject
  }
}
