import { texts } from '../texts/entry.ts'
import { strengthOf } from './strength.ts'

/** Shows how strong a password is and what would improve it. */
export function StrengthMeter({
  password,
  names,
  policy,
}: {
  password: string
  names: readonly string[]
  policy: string | undefined
}) {
  const { score, problem } = strengthOf(password, names, policy)
  const level = password === '' ? '' : texts.strength.levels[score]
  return (
    <div className="meter" data-score={password === '' ? undefined : score}>
      <meter className="hidden" aria-label={texts.strength.label} min={0} max={4} value={score}>
        {level}
      </meter>
      <div className="bars" aria-hidden="true">
        <i />
        <i />
        <i />
        <i />
      </div>
      <p className="small muted" aria-live="polite">
        {level && <span className="strong">{level}. </span>}
        {password === ''
          ? texts.strength.rule
          : problem
            ? texts.strength[problem]
            : score < 3 && texts.strength.longer}
      </p>
    </div>
  )
}
