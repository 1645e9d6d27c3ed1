/** The keys that say who may come in through a provider or a directory, and what its groups give. */
import { boolean, texts } from '../shapes/setting.ts'

/** For the `keys` of a list of providers; a group with a prefix passes it, such as `ldap-`. */
export function mappingFields<const P extends string = ''>(prefix: P = '' as P) {
  return [
    boolean({
      name: `${prefix}sign-up`,
      default: true,
      about:
        'Whether the first sign-in of a person makes a user. This needs allowed groups, domains or claims, or a group ' +
        'role without *: otherwise everybody whom the provider knows could come in.',
    }),
    texts({
      name: `${prefix}allowed-groups`,
      default: [],
      about: 'Only members of one of these groups may sign in. Unset: members of any or none.',
    }),
    texts({
      name: `${prefix}allowed-domains`,
      default: [],
      about:
        'Only people whose e-mail address, verified by the provider, has exactly one of these domains may sign in.',
    }),
    texts({
      name: `${prefix}allowed-claims`,
      default: [],
      about:
        'Only people with these claims may sign in, each CLAIM=VALUE, the claim by its name or as a JSON pointer. Of ' +
        'several values for one claim one is enough.',
    }),
    texts({
      name: `${prefix}group-roles`,
      default: [],
      about:
        'What groups give, set at each sign-in: GROUP=ORG:owner, GROUP=ORG:member, GROUP=ORG/BUCKET:read or ' +
        'GROUP=ORG/BUCKET:write; organizations and buckets by name or id, * for everybody. A group whose name has a ' +
        'comma needs a list in a file.',
    }),
    texts({
      name: `${prefix}operator-groups`,
      default: [],
      about: 'Members of these groups are operators, who may do everything, while they are in one of them.',
    }),
  ] as const
}
