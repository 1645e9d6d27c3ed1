import type { Changes } from '../changes.ts'
import { forbidden } from '../errors.ts'
import type { Id } from '../id.ts'
import { permission } from '../permissions/permission.ts'
import { type Caller, requirePermission } from '../principals/principal.ts'
import type { PasswordHasher } from './password-hasher.ts'
import type { PasswordPolicy } from './password-policy.ts'
import type { PasswordStore } from './password-store.ts'

export interface Passwords {
  /** Sets the password of a user whom the caller may write. */
  set(caller: Caller, userID: Id, password: string): Promise<void>
  /** Sets it for whoever knows the old one; `forbidden` for whoever does not. */
  change(caller: Caller, userID: Id, old: Uint8Array, password: string): Promise<void>
}

export function createPasswords(deps: {
  passwords: Pick<PasswordStore, 'get'>
  hasher: PasswordHasher
  policy: PasswordPolicy
  changes: Changes
}): Passwords {
  async function store(caller: Caller, userID: Id, password: string): Promise<void> {
    deps.policy.check(password)
    const hash = await deps.hasher.hash(Buffer.from(password))
    await deps.changes(async (change) => {
      if (!(await change.users.byId(userID))) throw forbidden('your userID is incorrect')
      await change.passwords.set(userID, hash)
      change.records({ event: 'password.change', target: userID, caller })
    })
  }

  return {
    async set(caller, userID, password) {
      requirePermission(caller.principal, permission('write', 'users', { id: userID }))
      await store(caller, userID, password)
    },
    async change(caller, userID, old, password) {
      requirePermission(caller.principal, permission('write', 'users', { id: userID }))
      const right = await deps.hasher.verify(old, await deps.passwords.get(userID))
      if (!right) throw forbidden('your username or password is incorrect')
      await store(caller, userID, password)
    },
  }
}
