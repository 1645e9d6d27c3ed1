/** A full disk: changes are refused with 503, reading works, and everything works once there is space. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setUp, startServer } from './server.ts'

export interface FullDiskResult {
  readonly unavailable: number
  readonly wrong: string[]
}

/** Requires the right to mount a small tmpfs; undefined without it. */
export async function fullDisk(folder: string): Promise<FullDiskResult | undefined> {
  const disk = join(folder, 'disk')
  mkdirSync(disk)
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk], { stdio: 'ignore' })
  } catch {
    return undefined
  }
  const server = await startServer({ sqlitePath: join(disk, 'sluice.sqlite') })
  const wrong: string[] = []
  let unavailable = 0
  try {
    const { operator, userID } = await setUp(server)
    const ballast = join(disk, 'ballast')
    fill(ballast)
    const made: string[] = []
    for (let i = 0; i < 2000 && unavailable < 20; i += 1) {
      const json = { name: `user-${i}-${'x'.repeat(1000)}` }
      const answer = await server.ask('POST', '/api/v2/users', { headers: operator, json })
      if (answer.status === 201) made.push(answer.body.id)
      else if (answer.status === 503 && answer.body.code === 'unavailable') unavailable += 1
      else wrong.push(`a write on a full disk: ${answer.status}`)
    }
    if (unavailable === 0) wrong.push('the disk was never full')
    const read = await server.ask('GET', `/api/v2/users/${userID}`, { headers: operator })
    if (read.status !== 200) wrong.push(`reading on a full disk: ${read.status}`)
    rmSync(ballast)
    const after = await server.ask('POST', '/api/v2/users', { headers: operator, json: { name: 'after' } })
    if (after.status !== 201) wrong.push(`a write once there was space again: ${after.status}`)
    for (const id of made) {
      const kept = await server.ask('GET', `/api/v2/users/${id}`, { headers: operator })
      if (kept.status !== 200) wrong.push(`an acknowledged user: ${kept.status}`)
    }
  } finally {
    await server.stop()
    execFileSync('umount', [disk])
  }
  return { unavailable, wrong }
}

/** Uses up the free space except for a little. */
function fill(path: string): void {
  for (let size = 7 * 1024 * 1024; size > 64 * 1024; size -= 64 * 1024) {
    try {
      writeFileSync(path, Buffer.alloc(size))
      return
    } catch {
      rmSync(path, { force: true })
    }
  }
}
