/**
 * Installs the dependencies if node_modules does not match package-lock.json. Runs before npm's scripts on the
 * installed Node (20 or newer), so it uses nothing newer. With --dev it includes the development dependencies; without,
 * it omits them, so that a first `npm start` is quick.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const root = new URL('../', import.meta.url)
const stamp = new URL('node_modules/.sluice-installed', root)
const dev = process.argv.includes('--dev')
const lock = createHash('sha256')
  .update(readFileSync(new URL('package-lock.json', root)))
  .digest('hex')

let installed = ''
try {
  installed = readFileSync(stamp, 'utf8')
} catch {
  // A fresh clone.
}
const enough = installed === `${lock} all` || (!dev && installed === `${lock} production`)
if (!enough) {
  process.stderr.write('Installing dependencies (npm ci) ...\n')
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...(dev ? [] : ['--omit=dev'])]
  const done = spawnSync('npm', args, {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (done.status !== 0) {
    process.stderr.write('npm ci failed; its messages are above. Check the network, then try again.\n')
    process.exit(done.status ?? 1)
  }
  writeFileSync(stamp, `${lock} ${dev ? 'all' : 'production'}`)
}

// The scripts of package.json begin with `exec`: npm's shell becomes the program, and signals to npm reach it. The shell
// of Windows has no such command, and no such signals; there it runs what follows.
const exec = new URL('node_modules/.bin/exec.cmd', root)
if (process.platform === 'win32' && !existsSync(exec)) writeFileSync(exec, '@%*\r\n')
