/** Opening the person's browser. */
import { spawn } from 'node:child_process'
import type { Io } from '../terminal/io.ts'

/** Whether a browser on this machine can be seen by who types here. */
export function hasBrowser({ env, platform }: Pick<Io, 'env' | 'platform'>): boolean {
  if (env.SSH_CONNECTION || env.SSH_TTY) return false
  if (platform === 'darwin' || platform === 'win32') return true
  return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
}

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
}

/** Without a shell, which would read the address. Nothing happens if there is no such program. */
export function openBrowser({ env, platform }: Pick<Io, 'env' | 'platform'>, url: URL): void {
  const [program, ...args] = OPENERS[platform ?? 'linux'] ?? ['xdg-open']
  const child = spawn(program, [...args, url.href], { env: { ...env }, stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}
