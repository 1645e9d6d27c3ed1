import { printSettings } from '../config/print.ts'
import type { Io } from './io.ts'
import { load } from './load.ts'

export async function printConfig(args: readonly string[], io: Io): Promise<number> {
  const loaded = load(args, io)
  io.stdout.write(`${printSettings(loaded).trimEnd()}\n`)
  return 0
}
