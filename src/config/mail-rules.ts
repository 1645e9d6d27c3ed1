/** What the settings of mail need. */
import { quoted } from './refusals/quote.ts'
import type { Settings, Sources } from './settings.ts'

/** The sentence that refuses, or undefined. */
export function mailRefusal(settings: Settings, sources: Sources): string | undefined {
  const { smtpUrl: url, smtpFrom: from, publicUrl } = settings
  if (from !== undefined && !/^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\]+$/.test(from)) {
    return `smtp-from is ${quoted(from)} (${sources.smtpFrom}); it must be an address such as sluice@example.com`
  }
  if (url === undefined) return undefined
  if (!URL.canParse(url) || !/^smtps?:$/.test(new URL(url).protocol) || new URL(url).hostname === '') {
    return `smtp-url (${sources.smtpUrl}) must be a URL such as smtps://mail.example.com, or smtp:// for STARTTLS`
  }
  if (from === undefined) {
    return `smtp-url is set (${sources.smtpUrl}) but smtp-from is not; it is the sender of mail, such as sluice@example.com`
  }
  if (publicUrl !== undefined) return undefined
  return `smtp-url is set (${sources.smtpUrl}) but public-url is not; the links in mail begin with it`
}
