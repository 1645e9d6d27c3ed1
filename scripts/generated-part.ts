/** Replaces the part of a document between two comments that name it. Throws if the document lacks them. */
export function generatedPart(document: string, name: string, text: string): string {
  const begin = `<!-- ${name}: npm run docs -->\n`
  const end = `<!-- end of ${name} -->`
  const [from, to] = [document.indexOf(begin), document.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`the document has no lines ${begin.trim()} and ${end}`)
  return `${document.slice(0, from)}${begin}\n${text}\n\n${document.slice(to)}`
}
