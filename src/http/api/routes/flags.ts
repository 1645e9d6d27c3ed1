import Type from 'typebox'
import { CREDENTIALS, errors, NoContent } from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'
import { constantDocument } from '../frame/constant-document.ts'

export function registerFlags(api: Api): void {
  api.get(
    '/api/v2/flags',
    {
      schema: {
        operationId: 'GetFlags',
        summary: 'List the feature flags, of which there are none',
        tags: ['Permissions'],
        response: {
          200: Type.Object({}, { additionalProperties: true }),
          304: NoContent,
          ...errors(...CREDENTIALS),
        },
      },
    },
    constantDocument(() => ({}), { needsCredentials: true }),
  )
}
