import { forbidden } from '../base/errors.ts'
import type { Outbox } from './outbox.ts'

/** Throws `forbidden` if the settings name no mail server. */
export function requireMail({ isOn }: Pick<Outbox, 'isOn'>): void {
  if (!isOn) throw forbidden('mail-off', 'this server sends no mail; its setting is smtp-url')
}
