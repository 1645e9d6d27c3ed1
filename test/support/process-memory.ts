/** The memory of a process, from Linux's /proc. Both throw if there is none. */
import { readFileSync } from 'node:fs'

/** Resident now, in MiB. */
export const residentMiB = (pid: number): number => memoryOf(pid, 'VmRSS')

/** The most that was resident so far, in MiB. */
export const peakMiB = (pid: number): number => memoryOf(pid, 'VmHWM')

function memoryOf(pid: number, field: string): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const line = status.split('\n').find((each) => each.startsWith(`${field}:`)) ?? ''
  return Number.parseInt(line.slice(field.length + 1), 10) / 1024
}
