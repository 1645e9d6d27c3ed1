import { isIP } from 'node:net'

/** Whether a host of a URL is this machine itself, so that plain text to it leaves no machine. */
export function isLoopback(host: string): boolean {
  const bare = host.toLowerCase().replace(/^\[(.*)\]$/, '$1')
  // A host such as 127.example.com begins like an address but is a name.
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'))
}
