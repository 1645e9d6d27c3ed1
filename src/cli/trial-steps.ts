import type { TrialStep } from '../domain/base/trial-step.ts'
import type { Io } from './terminal/io.ts'
import { jsonLine } from './terminal/table.ts'

/** Prints each step of a trial as it is done, one on a line. */
export function printSteps({ stdout }: Pick<Io, 'stdout'>, { json }: { readonly json: boolean }) {
  return ({ outcome, about }: TrialStep): void => {
    stdout.write(json ? jsonLine({ outcome, about }) : `${outcome.padEnd(6)}  ${about}\n`)
  }
}
