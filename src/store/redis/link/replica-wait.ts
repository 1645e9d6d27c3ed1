import type { Link } from './link.ts'
import { inspect } from './server.ts'

interface Wait {
  readonly count: number
  readonly waitMs: number
  readonly timeoutMs: number
}

type ServerLink = Link & { readonly serverID: string }

/** The marker only serves to have a position in the replication, so it may expire. */
const MARKER_TTL_MS = '60000'

/**
 * Waits for replicas on a second connection, since WAIT blocks all later commands of its connection. WAIT covers what
 * its connection wrote, so this one writes a marker, which comes after everything that was acknowledged before.
 */
export function createReplicaWait(keyPrefix: string) {
  let side: { readonly of: Link; readonly link: Promise<Link> } | undefined

  function sideOf(main: ServerLink, open: () => Promise<Link>): Promise<Link> {
    if (side?.of === main) return side.link
    const opened = { of: main, link: openSide(main, open) }
    side = opened
    const forget = () => {
      if (side === opened) side = undefined
    }
    opened.link.then((link) => link.lost).then(forget, forget)
    return opened.link
  }

  return async (main: ServerLink, open: () => Promise<Link>, { count, waitMs, timeoutMs }: Wait) => {
    const link = await sideOf(main, open)
    await link.send(['SET', `${keyPrefix}replicated`, '1', 'PX', MARKER_TTL_MS])
    return Number(await link.send(['WAIT', String(count), String(waitMs)], waitMs + timeoutMs))
  }
}

async function openSide(main: ServerLink, open: () => Promise<Link>): Promise<Link> {
  const link = await open()
  void main.lost.then((reason) => link.lose(reason))
  try {
    const { serverID } = await inspect(link)
    if (serverID !== main.serverID) throw new Error('the master of Redis is another one by now')
    return link
  } catch (error) {
    link.lose(error as Error)
    throw error
  }
}
