/** Bodies that are checked while they pass through. */
import { pipeline, Readable, Transform } from 'node:stream'
import { createGunzip, gunzipSync } from 'node:zlib'
import { invalid, SluiceError } from '../../domain/base/errors.ts'
import { tooLarge } from './body.ts'

/** Returns what may go on, which may lag behind what came. Throws SluiceError to refuse the rest. */
export interface BodyCheck {
  /** Whether as many bytes go on as came. */
  readonly keepsLength: boolean
  take(chunk: Buffer): Buffer
  end(): Buffer
}

/** How a body is coded that goes through a check; it goes on without a coding. */
export type CheckedCoding = 'gzip' | 'identity'

/** Throws `unsupported media type` for a coding that cannot be decoded here. */
export function codingOf(header: string | undefined): CheckedCoding {
  const coding = header?.toLowerCase() ?? 'identity'
  if (coding === 'gzip' || coding === 'identity') return coding
  throw new SluiceError('unsupported media type', 'here Content-Encoding is gzip, identity or left out')
}

/** A small body may be a thousand times as large when it is unpacked, and then it is checked part by part. */
const MOST_AT_ONCE = 262_144

/**
 * Of a body that has arrived: it is checked at once, or as it is read if there is much in it.
 *
 * @param mostBytes of the decoded body
 */
export function checkBody(
  body: Buffer,
  check: BodyCheck,
  coding: CheckedCoding,
  mostBytes: number,
): Buffer | Readable {
  let plain = body
  if (coding === 'gzip') {
    try {
      plain = gunzipSync(body, { maxOutputLength: MOST_AT_ONCE })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw noGzip(error)
      return checkPacked(Readable.from([body]), check, mostBytes)
    }
  }
  if (plain.length > mostBytes) throw tooLarge(mostBytes)
  const whole = check.take(plain)
  const last = check.end()
  return last.length === 0 ? whole : Buffer.concat([whole, last])
}

/** The same for a body of gzip as it arrives. It ends with the error of the check, or of its coding. */
export function checkPacked(body: Readable, check: BodyCheck, mostBytes: number): Readable {
  let size = 0
  const checking = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      size += chunk.length
      if (size > mostBytes) {
        done(tooLarge(mostBytes))
        return
      }
      attempt(() => check.take(chunk), done)
    },
    flush: (done) => attempt(() => check.end(), done),
    destroy: (error, done) => done(error && !(error instanceof SluiceError) ? noGzip(error) : error),
  })
  // Its error reaches the reader of the last stage.
  pipeline(body, createGunzip(), checking, () => {})
  return checking
}

function attempt(make: () => Buffer, done: (error: Error | null, chunk?: Buffer) => void): void {
  let made: Buffer
  try {
    made = make()
  } catch (error) {
    done(error as Error)
    return
  }
  done(null, made)
}

const noGzip = (cause: unknown) =>
  invalid('the body is no gzip, though its Content-Encoding says so', { cause })
