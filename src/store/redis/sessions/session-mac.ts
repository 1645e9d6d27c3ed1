/** The MAC by which nodes recognize sessions in Redis that one of them wrote. */
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { SessionKeyStore } from '../../../domain/records/session-key.ts'

export interface SessionMac {
  /** HMAC-SHA-256 (RFC 2104) in URL-safe base64. */
  sign(text: string): string
  /** Whether one of the nodes signed this text. Throws `unavailable` if the key cannot be read. */
  verify(text: string, mac: string): boolean | Promise<boolean>
}

/** If another node has replaced the key, this node notices it at the first session signed with the new one. */
const READ_AGAIN_MS = 1000

export async function createSessionMac(deps: {
  key: SessionKeyStore
  /** Milliseconds that only grow. */
  steady: () => number
}): Promise<SessionMac> {
  const { key: store, steady } = deps
  let [bytes, readAt] = [await store.get(), steady()]
  let key = createSecretKey(bytes)
  let reading: Promise<void> | undefined

  async function readAgain(): Promise<void> {
    const from = steady()
    const present = await store.get()
    readAt = from
    if (Buffer.compare(present, bytes) === 0) return
    bytes = present
    key = createSecretKey(present)
  }

  return {
    sign: (text) => compute(key, text).toString('base64url'),
    verify(text, mac) {
      const given = Buffer.from(mac, 'base64url')
      const isRight = () => {
        const right = compute(key, text)
        return given.length === right.length && timingSafeEqual(given, right)
      }
      if (isRight()) return true
      // However many forged sessions there are, PostgreSQL is asked once a second.
      if (reading === undefined && steady() - readAt < READ_AGAIN_MS) return false
      reading ??= readAgain().finally(() => {
        reading = undefined
      })
      return reading.then(isRight)
    },
  }
}

function compute(key: KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
