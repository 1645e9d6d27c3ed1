/** The requests of operators that end the sessions of a user. */
import { api, got } from '../api/client.ts'

export const endSession = (id: string, sessionID: string) =>
  got(api.DELETE('/api/v2/users/{id}/sessions/{sessionID}', { params: { path: { id, sessionID } } }))

export const endSessionsOf = (id: string) =>
  got(api.DELETE('/api/v2/users/{id}/sessions', { params: { path: { id } } }))
