/** VictoriaMetrics for tests and trials, from Debian's package: on a free loopback port, in a folder that is removed with it. */
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../test/support/free-port.ts'
import { createFolderUntilExit, runUntilExit } from './cleanup-on-exit.ts'
import { programPath } from './program-path.ts'

const READY_WITHIN_MS = 60_000

export interface VictoriaMetrics {
  readonly url: string
  /** Asks it itself, without Sluice. */
  ask(
    method: string,
    target: string,
    body?: string,
  ): Promise<{ readonly status: number; readonly text: string }>
  stop(): Promise<void>
}

/** The path of VictoriaMetrics; undefined without one. */
export function victoriaMetricsProgram(): string | undefined {
  return programPath('victoria-metrics')
}

/** Starts an empty server, which ends with this process; queries see at once what was written and flushed. */
export async function startVictoriaMetrics(): Promise<VictoriaMetrics> {
  const program = victoriaMetricsProgram()
  if (!program)
    throw new Error('there is no victoria-metrics on the path (Debian: apt-get install victoria-metrics)')
  const folder = createFolderUntilExit('sluice-victoria-metrics-')
  const port = await freePort()
  const running = await runUntilExit(program, [
    ...['-storageDataPath', folder.path, '-httpListenAddr', `127.0.0.1:${port}`],
    ...['-search.latencyOffset', '0s', '-search.disableCache', '-memory.allowedPercent', '5'],
  ])
  const url = `http://127.0.0.1:${port}`
  const stop = async () => {
    await running.end()
    await folder.remove()
  }
  for (const end = Date.now() + READY_WITHIN_MS; ; await sleep(50)) {
    const isReady = await fetch(`${url}/health`).then(
      (response) => response.ok,
      () => false,
    )
    if (isReady) break
    if (Date.now() > end) {
      await stop()
      throw new Error('VictoriaMetrics did not answer in time')
    }
  }
  return {
    ...{ url, stop },
    async ask(method, target, body) {
      const response = await fetch(`${url}${target}`, { method, ...(body === undefined ? {} : { body }) })
      return { status: response.status, text: await response.text() }
    },
  }
}
