/** Accessibility violations that axe-core finds in a page. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
}

/** The rules that depend on colours, and so on the theme. */
const OF_COLOURS = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] }

/** Open the page with `bypassCSP`, because axe-core is injected into it. */
export async function violationsOn(page: Page, rules: object = RULES): Promise<string[]> {
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe)
  const found = (await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(rules)}, resultTypes: ['violations'] }).then(({ violations }) => violations)`,
  )) as Violation[]
  return found.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
  )
}

/**
 * The same in light and dark: all rules in one theme, and those of colours in the other, if nothing else differs.
 * The page keeps the other theme.
 */
export async function violationsInBoth(page: Page): Promise<string[]> {
  const isDark = Boolean(await page.evaluate('matchMedia("(prefers-color-scheme: dark)").matches'))
  const found = await violationsOn(page)
  const other = isDark ? 'light' : 'dark'
  await page.emulateMedia({ colorScheme: other })
  // Colours change over a moment, in which axe would measure neither theme's.
  await page.evaluate(`document.getAnimations().forEach((each) => {
    if (each.effect.getComputedTiming().endTime !== Infinity) each.finish()
  })`)
  return [...found, ...(await violationsOn(page, OF_COLOURS)).map((each) => `${other}: ${each}`)]
}
