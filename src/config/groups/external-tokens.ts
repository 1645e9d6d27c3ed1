import { duration, path, text, texts } from '../shapes/setting.ts'
import { tables } from '../shapes/tables.ts'

export const externalTokens = [
  tables({
    name: 'jwt-issuer',
    about:
      'Issuers whose signed tokens (JWT) programs may send as Authorization: Bearer, each a table: a Kubernetes cluster, ' +
      'a CI system, an OpenID provider. What they may do is said by jwt-rule.',
    keys: [
      text({
        name: 'url',
        mustBeSet: true,
        example: 'https://token.actions.githubusercontent.com',
        about: 'The issuer, exactly as its tokens name it in iss: https://, or http:// on loopback.',
      }),
      text({
        name: 'audience',
        mustBeSet: true,
        example: 'sluice',
        about: 'What the tokens must have in aud: a name that stands for this server alone.',
      }),
      text({
        name: 'name',
        default: 'jwt',
        about: 'The name in jwt-rule and in the audit log: up to 32 small letters, digits and hyphens.',
      }),
      text({
        name: 'keys-url',
        about: 'Where its public keys are (a JWKS). Unset: where URL/.well-known/openid-configuration says.',
      }),
      path({
        name: 'keys-file',
        example: '/etc/sluice/cluster.jwks.json',
        about:
          'A file with its public keys (a JWKS), if this server cannot reach it. Read again at most every five minutes, and for ' +
          'an unknown key, so that it can be changed.',
      }),
      path({
        name: 'ca-file',
        about: 'The certificate (PEM) of the authority that signed the certificate of the issuer.',
      }),
      duration({
        name: 'timeout',
        default: '5s',
        min: '100ms',
        max: '30s',
        about: 'How long each request to the issuer may take.',
      }),
      duration({
        name: 'clock-tolerance',
        default: '30s',
        min: '0s',
        max: '5m',
        about: 'By how much the clocks of the issuer and of this server may differ.',
      }),
      duration({
        name: 'max-length',
        default: '1d',
        min: '1m',
        max: '31d',
        about: 'How long a token may be valid, from iat to exp; longer ones are refused.',
      }),
    ],
  }),
  tables({
    name: 'jwt-rule',
    about:
      'What tokens of a jwt-issuer give, each a table. A token has what all rules give that match it; without one it is ' +
      'refused.',
    keys: [
      text({
        name: 'subject',
        mustBeSet: true,
        example: 'system:serviceaccount:monitoring:telegraf',
        about:
          'The sub of the token. One * stands for any text without a colon, and only behind the last colon and at least ' +
          'three of them: repo:acme/plant:ref:refs/heads/*.',
      }),
      texts({
        name: 'gives',
        default: [],
        about:
          'What it gives: ORG/BUCKET:read or ORG/BUCKET:write, organizations and buckets by name or id; the bucket * is ' +
          'every one of the organization, and write then creates buckets too.',
      }),
      texts({
        name: 'claims',
        default: [],
        about:
          'Claims that the token must have too, each CLAIM=VALUE, the claim by its name or as a JSON pointer such as ' +
          '/kubernetes.io/namespace. Of several values for one claim one is enough.',
      }),
      text({ name: 'issuer', default: 'jwt', about: 'The name of the jwt-issuer.' }),
    ],
  }),
] as const
