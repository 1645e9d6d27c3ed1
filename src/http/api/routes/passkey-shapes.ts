/** What passes between browsers and this server about passkeys, in the JSON of WebAuthn Level 3. */
import Type from 'typebox'
import { named, ref } from '../../request/shapes.ts'

/** A credential id has at most 1,023 bytes; nothing else in an answer is longer than a few thousand. */
const LONGEST = 16_384
const Base64Url = Type.String({ maxLength: LONGEST, pattern: '^[A-Za-z0-9_-]*$' })
const Kind = Type.String({ enum: ['public-key'] })

const DescriptorShape = Type.Object({
  type: Kind,
  id: Type.String(),
  transports: Type.Optional(Type.Array(Type.String())),
})

export const PasskeyCreationShape = named(
  'PasskeyCreation',
  Type.Object(
    {
      challenge: Type.String(),
      rp: Type.Object({ id: Type.String(), name: Type.String() }),
      user: Type.Object({ id: Type.String(), name: Type.String(), displayName: Type.String() }),
      pubKeyCredParams: Type.Array(Type.Object({ type: Kind, alg: Type.Integer() })),
      timeout: Type.Integer(),
      attestation: Type.String(),
      excludeCredentials: Type.Array(DescriptorShape),
      authenticatorSelection: Type.Object({
        residentKey: Type.String(),
        requireResidentKey: Type.Boolean(),
        userVerification: Type.String(),
      }),
    },
    { description: 'For `PublicKeyCredential.parseCreationOptionsFromJSON`' },
  ),
)

export const PasskeyRequestShape = named(
  'PasskeyRequest',
  Type.Object(
    {
      challenge: Type.String(),
      rpId: Type.String(),
      timeout: Type.Integer(),
      userVerification: Type.String(),
      allowCredentials: Type.Array(DescriptorShape),
    },
    { description: 'For `PublicKeyCredential.parseRequestOptionsFromJSON`' },
  ),
)

/** Further fields, which browsers add, are ignored. */
const ANSWER = { id: Base64Url, rawId: Base64Url, type: Kind }

export const NewPasskeyShape = Type.Object(
  {
    ...ANSWER,
    response: Type.Object({
      clientDataJSON: Base64Url,
      attestationObject: Base64Url,
      transports: Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 20 })),
    }),
  },
  { description: 'What `navigator.credentials.create` answered, by its `toJSON`' },
)

export const PasskeyAnswerShape = Type.Object(
  {
    ...ANSWER,
    response: Type.Object({
      clientDataJSON: Base64Url,
      authenticatorData: Base64Url,
      signature: Base64Url,
      userHandle: Type.Optional(Base64Url),
    }),
  },
  { description: 'What `navigator.credentials.get` answered, by its `toJSON`' },
)

/** The answer to a request for a challenge. */
export const PasskeyChallengeShape = Type.Object({ publicKey: ref(PasskeyRequestShape) })
