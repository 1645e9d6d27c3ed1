/** Which subjects a rule is about: one, or those that differ in the last part only. */

/** Colons before a `*`: subjects of GitHub, GitLab and Kubernetes have three before the part that may vary. */
const COLONS_BEFORE = 3

/**
 * Says what is wrong with a rule's subject; undefined if nothing is. A `*` may stand only at an end that does not reach into the
 * name of another repository or project (`repo:acme/*`), nor from branches to pull requests (`repo:acme/plant:*`), which
 * anybody may open.
 */
export function subjectProblem(pattern: string): string | undefined {
  if (pattern.trim() === '') return 'it is empty; name the sub of the tokens'
  const [before = '', after, ...more] = pattern.split('*')
  if (after === undefined) return undefined
  if (more.length > 0) return 'it has more than one *'
  if (after.includes(':')) return 'its * is not behind the last colon'
  if (before.split(':').length - 1 < COLONS_BEFORE) {
    return `its * must stand behind ${COLONS_BEFORE} colons at least, as in repo:acme/plant:ref:refs/heads/*`
  }
  return undefined
}

/** Whether a subject is the pattern, or the pattern with some text without a colon in place of its `*`. */
export function matchesSubject(pattern: string, subject: string): boolean {
  const star = pattern.indexOf('*')
  if (star < 0) return subject === pattern
  const [before, after] = [pattern.slice(0, star), pattern.slice(star + 1)]
  if (!subject.startsWith(before) || !subject.endsWith(after)) return false
  const between = subject.slice(before.length, subject.length - after.length)
  return subject.length > before.length + after.length && !between.includes(':')
}
