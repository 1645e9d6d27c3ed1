/** Faults that tests switch on, on an upstream that is otherwise well. */

import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Answer } from './exchange.ts'

export interface Faults {
  /** Answers later. */
  delayMs: number
  /** Sends half of the answer's body, and closes the connection. */
  cutsAnswers: boolean
  /** Closes the connection before any answer. */
  dropsConnections: boolean
  /** Bytes that are no HTTP, in place of each answer. */
  nonsense: string | undefined
  /** In place of each answer. */
  answer: Answer | undefined
  /** Answers 503 on all paths but /health, as while InfluxDB starts. */
  isStarting: boolean
  /** Takes the body of a request with a pause before each piece. */
  readPauseMs: number
  /** Answers each query with a body of this many bytes, made while it is sent. */
  streamBytes: number | undefined
  /** Which requests the faults above concern; default all. */
  concerns: (target: string) => boolean
}

export function noFaults(): Faults {
  return {
    delayMs: 0,
    cutsAnswers: false,
    dropsConnections: false,
    nonsense: undefined,
    answer: undefined,
    isStarting: false,
    readPauseMs: 0,
    streamBytes: undefined,
    concerns: () => true,
  }
}

/** The body of a request, read slowly if `pauseMs` says so. */
export async function readBody(request: Readable, pauseMs: number): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of request) {
    if (pauseMs > 0) await sleep(pauseMs)
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

const PIECE = Buffer.alloc(64 * 1024, 'x')

/** A body of any length that is never whole in memory. */
export function bytesOf(count: number): Readable {
  let left = count
  return new Readable({
    read() {
      const size = Math.min(left, PIECE.length)
      left -= size
      this.push(size === 0 ? null : PIECE.subarray(0, size))
    },
  })
}
