import type { Loaded } from './load.ts'
import type { Settings, Sources } from './settings.ts'

/**
 * If only one of `session-length` and `session-max-length` is set, the other follows it, so that its default does not
 * shorten the one that is set. A rule refuses two that are set and contradict each other.
 */
export function followSessionLengths(loaded: Loaded<Settings, Sources>): Loaded<Settings, Sources> {
  const { settings, sources } = loaded
  const { sessionLength, sessionMaxLength } = settings
  if (sessionLength <= sessionMaxLength) return loaded
  const changed =
    sources.sessionMaxLength === 'default'
      ? { sessionMaxLength: { value: sessionLength, source: 'follows session-length' } }
      : sources.sessionLength === 'default'
        ? { sessionLength: { value: sessionMaxLength, source: 'follows session-max-length' } }
        : {}
  const values = Object.entries(changed).map(([key, { value }]) => [key, value])
  const places = Object.entries(changed).map(([key, { source }]) => [key, source])
  return Object.freeze({
    ...loaded,
    settings: Object.freeze({ ...settings, ...Object.fromEntries(values) }),
    sources: Object.freeze({ ...sources, ...Object.fromEntries(places) }),
  })
}
