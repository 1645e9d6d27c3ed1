import { POWERFUL_ACTS } from '../src/domain/access/powerful-acts.ts'

const BEGIN = '<!-- powerful acts: npm run docs -->\n'
const END = '<!-- end of powerful acts -->'

/** A document with its list of powerful acts as the code has them. Throws if it has no place for the list. */
export function withPowerfulActs(document: string): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)]
  if (begin < 0 || end < begin) throw new Error(`the document has no lines ${BEGIN.trim()} and ${END}`)
  const list = Object.values(POWERFUL_ACTS).map((what) => `- ${what}\n`)
  return `${document.slice(0, begin)}${BEGIN}\n${list.join('')}\n${document.slice(end)}`
}
