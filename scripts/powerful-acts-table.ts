import { POWERFUL_ACTS } from '../src/domain/access/powerful-acts.ts'
import { generatedPart } from './generated-part.ts'

/** A document with its list of powerful actions updated from the code. */
export function withPowerfulActs(document: string): string {
  const list = Object.values(POWERFUL_ACTS).map((what) => `- ${what}`)
  return generatedPart(document, 'powerful acts', list.join('\n'))
}
