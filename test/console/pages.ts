/** Every page inside the frame, by its address; tests that walk through all pages share this list. */

/** `ORG`, `USER` and `TOKEN` stand for ids. */
export const PAGES = [
  ...['/overview', '/people', '/people/USER', '/sessions', '/upstream', '/audit'],
  ...['/organizations', '/organizations/ORG', '/organizations/ORG/buckets', '/organizations/ORG/settings'],
  ...['/tokens', '/tokens/TOKEN', '/tokens/new'],
  ...['/account', '/account/sessions', '/account/permissions', '/account/second-factors'],
  ...['/command-line', '/device', '/nowhere'],
] as const

export type PagePath = (typeof PAGES)[number]

/** Puts ids in. */
export function pathWith(path: string, ids: Readonly<Record<'ORG' | 'USER' | 'TOKEN', string>>): string {
  return path.replace(/ORG|USER|TOKEN/, (name) => ids[name as keyof typeof ids])
}
