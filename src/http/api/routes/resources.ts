import Type from 'typebox'
import { RESOURCE_TYPES } from '../../../domain/records/permission.ts'
import { CREDENTIALS, errors, NoContent } from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'
import { constantDocument } from '../frame/constant-document.ts'

export function registerResources(api: Api): void {
  api.get(
    '/api/v2/resources',
    {
      schema: {
        operationId: 'GetResources',
        summary: 'List the types of resources that permissions speak of',
        tags: ['Permissions'],
        response: { 200: Type.Array(Type.String()), 304: NoContent, ...errors(...CREDENTIALS) },
      },
    },
    constantDocument(() => RESOURCE_TYPES, { needsCredentials: true }),
  )
}
