/** How many columns of a terminal a text takes, and how it is cut and wrapped by them. */

/** East Asian Wide and Fullwidth (UAX 11), and pictures. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u
const ASCII = /^[\x20-\x7e]*$/

/** Made at the first text that needs it: making it takes 10 ms, and most commands print ASCII alone. */
let graphemes: Intl.Segmenter | undefined

function charactersOf(text: string): string[] {
  if (ASCII.test(text)) return text.split('')
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  return Array.from(graphemes.segment(text), ({ segment }) => segment)
}

const widthOfOne = (character: string) => (WIDE.test(character) ? 2 : 1)

/** The text has no control characters. */
export function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length
  return charactersOf(text).reduce((sum, each) => sum + widthOfOne(each), 0)
}

/** The beginning that fits, with an ellipsis if it is not the whole. */
export function cutTo(text: string, width: number): string {
  return widthOf(text) <= width ? text : `${beginningOf(text, width - 1)}…`
}

function beginningOf(text: string, width: number): string {
  let [beginning, taken] = ['', 0]
  for (const each of charactersOf(text)) {
    taken += widthOfOne(each)
    if (taken > width) break
    beginning += each
  }
  return beginning
}

/** Lines that fit, broken between words, and within a word that is longer than a line. */
export function wrappedAt(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    let rest = word
    if (line !== '' && widthOf(line) + 1 + widthOf(rest) <= width) {
      line += ` ${rest}`
      continue
    }
    if (line !== '') lines.push(line)
    while (widthOf(rest) > width) {
      const part = beginningOf(rest, width) || rest
      lines.push(part)
      rest = rest.slice(part.length)
    }
    line = rest
  }
  return [...lines, line]
}
