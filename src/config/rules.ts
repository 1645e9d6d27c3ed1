/** What must hold between settings. */
import { ConfigurationError } from './configuration-error.ts'
import type { Settings, Sources } from './settings.ts'

/** The sentence that refuses, or undefined. */
type Rule = (settings: Settings, sources: Sources) => string | undefined

const certificateWithKey: Rule = ({ tlsCert, tlsKey }, sources) => {
  if ((tlsCert === undefined) === (tlsKey === undefined)) return undefined
  const [missing, there, source] = tlsCert
    ? ['tls-key', 'tls-cert', sources.tlsCert]
    : ['tls-cert', 'tls-key', sources.tlsKey]
  return `${missing} is not set but ${there} is (${source}); HTTPS needs both`
}

const rules: readonly Rule[] = [certificateWithKey]

/** Throws ConfigurationError with the first rule that is broken. */
export const checkRules = (settings: Settings, sources: Sources): void => {
  for (const rule of rules) {
    const refusal = rule(settings, sources)
    if (refusal !== undefined) throw new ConfigurationError(refusal)
  }
}
