import { randomInt } from 'node:crypto'

/** Request ids that no two servers share: a random prefix and a count. */
export function createRequestIDs(): () => string {
  const prefix = randomInt(2 ** 40).toString(36)
  let count = 0
  return () => {
    count += 1
    return `${prefix}-${count.toString(36)}`
  }
}
