import Type, { type Static } from 'typebox'
import { errors, NoContent, named, ref } from '../../request/shapes.ts'
import type { Api } from '../frame/api.ts'
import { constantDocument } from '../frame/constant-document.ts'

export const FeaturesShape = named(
  'Features',
  Type.Object({
    rememberSeconds: Type.Integer({ description: 'How long "keep me signed in" lasts; 0 where it is off' }),
    passwordPolicy: Type.String({ description: '`none`, `common` or `strong`' }),
    deployment: Type.String({ description: '`oss` or `cloud`' }),
    mail: Type.Boolean({ description: 'Whether the server sends mail, such as for a forgotten password' }),
    invitations: Type.String({ description: 'Who may invite: `off`, `operators` or `owners`' }),
    providers: Type.Array(
      Type.Object({
        name: Type.String({ description: 'As in POST /api/v2/signin/oidc/NAME' }),
        label: Type.String({ description: 'What its button says' }),
        autoRedirect: Type.Boolean({ description: 'Whether the sign-in page goes there by itself' }),
      }),
      { description: 'Through which people can sign in, beside the password' },
    ),
    passwordForm: Type.String({
      description:
        'What a sign-in page does with its form for a password: `shown`, `folded` behind a click because few people may use it, or `hidden` because nobody may',
    }),
    passkeySignIn: Type.Boolean({ description: 'Whether a passkey may sign in without a password' }),
    passkeyOrigin: Type.Optional(
      Type.String({ description: 'The only origin at which passkeys work; missing where none do' }),
    ),
  }),
)
export type Features = Static<typeof FeaturesShape>

/** The settings that a page needs before sign-in. */
export function registerFeatures(api: Api, { features }: { features: Features }): void {
  api.get(
    '/api/v2/features',
    {
      schema: {
        operationId: 'GetFeatures',
        summary: 'See what a sign-in page must know before anybody is signed in',
        tags: ['System'],
        security: [],
        response: { 200: ref(FeaturesShape), 304: NoContent, ...errors() },
      },
    },
    constantDocument(() => features),
  )
}
