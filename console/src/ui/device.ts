/** Browser and system from a User-Agent header; an unknown one is shown unchanged but truncated. */
import { texts } from '../texts/all.ts'

const BROWSERS: readonly [RegExp, string][] = [
  [/\bEdg(?:e|A|iOS)?\/(\d+)/, 'Edge'],
  [/\bOPR\/(\d+)/, 'Opera'],
  [/\bFirefox\/(\d+)/, 'Firefox'],
  [/\b(?:Headless)?Chrome\/(\d+)/, 'Chrome'],
  [/\bVersion\/(\d+)[\d.]* (?:Mobile\/\S+ )?Safari/, 'Safari'],
]
const SYSTEMS: readonly [RegExp, string][] = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
]
const LONGEST = 60

export function deviceOf(userAgent: string): string {
  for (const [pattern, name] of BROWSERS) {
    const version = pattern.exec(userAgent)?.[1]
    if (!version) continue
    const system = SYSTEMS.find(([each]) => each.test(userAgent))?.[1]
    return system ? `${name} ${version}, ${system}` : `${name} ${version}`
  }
  const cut = userAgent.length > LONGEST ? `${userAgent.slice(0, LONGEST)}…` : userAgent
  return cut || texts.account.unknownDevice
}
