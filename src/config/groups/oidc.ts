import { boolean, choice, duration, path, text, texts } from '../shapes/setting.ts'
import { tables } from '../shapes/tables.ts'
import { mappingFields } from './mapping-fields.ts'

export const oidc = [
  tables({
    name: 'oidc',
    about:
      'OpenID Connect providers through which people sign in, each a table. Needs public-url, from which the address ' +
      'follows that is registered at the provider: PUBLIC-URL/api/v2/signin/oidc/NAME/callback.',
    keys: [
      text({
        name: 'issuer',
        mustBeSet: true,
        example: 'https://id.example.com/realms/lab',
        about: 'The issuer, exactly as the provider writes it: https://, or http:// on loopback.',
      }),
      text({ name: 'client-id', mustBeSet: true, example: 'sluice', about: 'The id of this server there.' }),
      text({
        name: 'client-secret',
        secret: true,
        about:
          'The secret of this server there; unset for a public client. Put it in client-secret-file or the environment.',
      }),
      path({
        name: 'client-secret-file',
        example: '/run/secrets/oidc-client-secret',
        about: 'A file with the secret. Read at each request to the provider, so that it can be changed.',
      }),
      text({
        name: 'name',
        default: 'sso',
        about: 'The name in addresses and in the audit log: up to 32 small letters, digits and hyphens.',
      }),
      text({ name: 'label', about: 'What the button on the sign-in page says. Unset: the name.' }),
      texts({
        name: 'scopes',
        default: ['openid', 'profile', 'email'],
        about:
          'What is asked for. Some providers give refresh tokens only with offline_access, and groups only with groups.',
      }),
      path({
        name: 'ca-file',
        about: 'The certificate (PEM) of the authority that signed the certificate of the provider.',
      }),
      duration({
        name: 'timeout',
        default: '5s',
        min: '100ms',
        max: '30s',
        about: 'How long each request to the provider may take.',
      }),
      duration({
        name: 'clock-tolerance',
        default: '30s',
        min: '0s',
        max: '5m',
        about: 'By how much the clocks of the provider and of this server may differ.',
      }),
      text({
        name: 'username-claim',
        default: 'preferred_username',
        about: 'The claim with the name of a new user. It never finds a user who is there.',
      }),
      text({
        name: 'groups-claim',
        default: 'groups',
        about: 'The claim with the groups, or a JSON pointer such as /realm_access/roles.',
      }),
      choice({
        name: 'userinfo',
        values: ['auto', 'always', 'never'],
        default: 'auto',
        about:
          'When the provider is asked for more claims; auto: if the ID token lacks the groups, the name, or what ' +
          'allowed-domains and allowed-claims look at.',
      }),
      ...mappingFields(),
      choice({
        name: 'second-factor',
        values: ['provider', 'amr', 'local'],
        default: 'provider',
        about:
          'Whether a second factor of this server is asked for: never (provider), unless the provider says that two ' +
          'factors were used (amr), or always (local).',
      }),
      duration({
        name: 'max-age',
        min: '1m',
        max: '30d',
        about:
          'How long ago the user may have authenticated at the provider, which must say when. Unset: any time.',
      }),
      duration({
        name: 'refresh',
        default: '0s',
        min: '0s',
        max: '1d',
        about:
          'How often at most the provider is asked while a session lives whether the user is still there, and in which ' +
          'groups. Needs secret-key-file, with whose key the refresh tokens are encrypted. 0: never.',
      }),
      duration({
        name: 'max-length',
        default: '12h',
        min: '1m',
        max: '30d',
        about:
          'When a session ends that is not refreshed: because refresh is 0, because the provider gave no refresh token, ' +
          'or because it has been away for this long.',
      }),
      choice({
        name: 'logout',
        values: ['local', 'provider'],
        default: 'local',
        about: 'Whether signing out here also ends the session at the provider.',
      }),
      boolean({
        name: 'auto-redirect',
        default: false,
        about:
          'Whether the sign-in page goes to this provider by itself, unless it was opened with ?local, after signing ' +
          'out, or after a failure.',
      }),
    ],
  }),
] as const
