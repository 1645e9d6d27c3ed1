/** The console's pages, where they are built and not switched off. */
import type { Settings } from '../config/settings.ts'
import { createPages } from '../http/pages/console.ts'
import { readConsoleFiles } from '../http/pages/console-files.ts'

export function pagesOf({
  settings,
  consoleFolder,
}: {
  settings: Settings
  consoleFolder: string | undefined
}) {
  if (consoleFolder === undefined || settings.uiDisabled) return undefined
  const files = readConsoleFiles(consoleFolder)
  return files && createPages(files)
}
