/** The hasher of passwords, on as many threads as the settings say. */
import { availableParallelism } from 'node:os'
import type { Settings } from '../config/settings.ts'
import type { Argon2idCost } from '../domain/passwords/argon2id.ts'
import { failClosed } from '../domain/passwords/fail-closed-hasher.ts'
import { createPasswordHasher } from '../domain/passwords/password-hasher.ts'
import type { ServerLog } from '../telemetry/logger.ts'

export function composeHasher(settings: Settings, log: ServerLog, cost: Argon2idCost | undefined) {
  return failClosed(
    createPasswordHasher({
      concurrency: settings.passwordHashConcurrency || Math.max(1, availableParallelism() - 1),
      queue: settings.passwordHashQueue,
      cost,
    }),
    log,
  )
}
