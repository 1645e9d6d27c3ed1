/** The tokens of `sluice login`: a file for each server, which only its owner may read. */
import { hash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { CommandFailure } from '../terminal/failure.ts'
import type { Io } from '../terminal/io.ts'

export interface StoredToken {
  /** The address of the server, for people who look into the file. */
  readonly host: string
  readonly token: string
  readonly user: string
  readonly org: string
  /** RFC 3339, UTC. */
  readonly expiresAt: string
}

export interface TokenFile {
  readonly path: string
  /** Undefined if there is none. Throws CommandFailure if others may read it, or if it is none of ours. */
  read(): StoredToken | undefined
  write(token: StoredToken): void
  remove(): void
}

const OTHERS = 0o077

/** The token file of one server, below `$XDG_CONFIG_HOME` (XDG Base Directory Specification) or `~/.config`. */
export function tokenFileOf(
  { env, home, platform }: Pick<Io, 'env' | 'home' | 'platform'>,
  host: URL,
): TokenFile {
  const given = env.XDG_CONFIG_HOME
  // A relative one is to be ignored, by that specification.
  const base = given && isAbsolute(given) ? given : join(home, '.config')
  const folder = join(base, 'sluice', 'logins')
  const address = addressOfServer(host)
  const name = `${host.hostname.replaceAll(/[^A-Za-z0-9.-]/g, '_')}-${hash('sha256', address, 'hex').slice(0, 16)}`
  const path = join(folder, `${name}.json`)

  function text(): string | undefined {
    try {
      const { mode } = statSync(path)
      // Windows keeps who may read a file elsewhere.
      if (platform !== 'win32' && (mode & OTHERS) !== 0) {
        throw new CommandFailure(`others may read ${path}; delete it, and run: sluice login`)
      }
      return readFileSync(path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
      throw error
    }
  }

  return {
    path,
    read() {
      const found = text()
      if (found === undefined) return undefined
      const stored = parsed(found)
      if (stored) return stored
      throw new CommandFailure(`${path} is no file of sluice login; delete it, and run: sluice login`)
    },
    write(token) {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      // Renamed, so that the file is never half written, and has this mode from the beginning.
      const fresh = `${path}.new`
      rmSync(fresh, { force: true })
      writeFileSync(fresh, `${JSON.stringify(token, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
      renameSync(fresh, path)
    },
    remove: () => rmSync(path, { force: true }),
  }
}

/** The key of a server in the file: its address without the parts in which two addresses of one server may differ. */
export const addressOfServer = ({ origin, pathname }: URL) => origin + pathname.replace(/\/+$/, '')

export const hasEnded = ({ expiresAt }: Pick<StoredToken, 'expiresAt'>) =>
  !(Date.parse(expiresAt) > Date.now())

const FIELDS = ['host', 'token', 'user', 'org', 'expiresAt'] as const

function parsed(text: string): StoredToken | undefined {
  try {
    const found = JSON.parse(text) as StoredToken
    return FIELDS.every((name) => typeof found[name] === 'string') ? found : undefined
  } catch {
    return undefined
  }
}
