import { boolean, choice, duration, path, text, texts } from '../shapes/setting.ts'
import { mappingFields } from './mapping-fields.ts'

// A directory verifies no e-mail addresses, and its filter finds what claims would say.
const [signUp, allowedGroups, , , groupRoles, operatorGroups] = mappingFields('ldap-')

export const ldap = [
  texts({
    name: 'ldap-urls',
    default: [],
    about:
      'The servers of an LDAP directory or Active Directory, whose users can sign in, tried in this order: ' +
      'ldaps://HOST:PORT, or ldap://HOST:PORT for STARTTLS.',
  }),
  boolean({
    name: 'ldap-start-tls',
    default: true,
    about:
      'Whether ldap:// turns to TLS before anything is sent. Without it only loopback addresses are allowed.',
  }),
  path({
    name: 'ldap-ca-file',
    about:
      'The certificate (PEM) that the directory shows or that signed it. Unset: those that Node trusts. ' +
      'It is always checked, against the host of the URL.',
  }),
  duration({
    name: 'ldap-timeout',
    default: '5s',
    min: '1s',
    max: '30s',
    about: 'How long a connection to the directory, and each operation on it, may take.',
  }),
  text({
    name: 'ldap-bind-dn',
    about:
      'The account that searches, as the directory names it. Unset: searches are anonymous, or by ldap-bind-template ' +
      'as the user.',
  }),
  text({
    name: 'ldap-bind-password',
    secret: true,
    about: 'Its password. Put it in ldap-bind-password-file or the environment.',
  }),
  path({
    name: 'ldap-bind-password-file',
    about: 'A file with the password of ldap-bind-dn; read at each new connection.',
  }),
  text({
    name: 'ldap-base-dn',
    about:
      'Below which entry users are searched. It also says whose users they are: with another base all users are new.',
  }),
  text({
    name: 'ldap-user-filter',
    default: '(uid={name})',
    about:
      'Finds a user by the typed name, which is put in escaped. Active Directory: ' +
      '(&(objectClass=user)(sAMAccountName={name})).',
  }),
  text({
    name: 'ldap-bind-template',
    about:
      'The name to sign in with, in place of a search before it: uid={name},ou=people,dc=example,dc=com, or of Active ' +
      'Directory {name}@example.com.',
  }),
  text({
    name: 'ldap-name-attribute',
    default: 'uid',
    about: 'Names a new user. Active Directory: sAMAccountName.',
  }),
  text({
    name: 'ldap-id-attribute',
    default: 'entryUUID',
    about:
      'Says who a user is, also once renamed; it must never be given again. Active Directory: objectGUID.',
  }),
  text({ name: 'ldap-email-attribute', default: 'mail', about: "A user's e-mail address." }),
  text({
    name: 'ldap-disabled-filter',
    about:
      'Finds users who are disabled. Active Directory: (userAccountControl:1.2.840.113556.1.4.803:=2). {now} is ' +
      'the time in its count, for accounts that expire: (&(accountExpires>=1)(accountExpires<={now})).',
  }),
  choice({
    name: 'ldap-groups',
    values: ['search', 'member-of'],
    default: 'search',
    about:
      "How a user's groups are found: those that ldap-group-filter finds, or those that ldap-group-attribute of the " +
      'user names.',
  }),
  text({
    name: 'ldap-group-attribute',
    default: 'memberOf',
    about: 'The attribute of a user, and of a nested group, that names its groups.',
  }),
  text({
    name: 'ldap-group-base-dn',
    about: 'Below which entry groups are searched. Unset: ldap-base-dn.',
  }),
  text({
    name: 'ldap-group-filter',
    default: '(member={dn})',
    about: "Finds a user's groups, by the {dn} of the user or by {name}, which are put in escaped.",
  }),
  choice({
    name: 'ldap-nested-groups',
    values: ['none', 'expand', 'chain'],
    default: 'none',
    about:
      'Whether groups of groups count: expand asks level by level, at most 10 levels and 1,000 groups; chain is the ' +
      'rule of Active Directory, in one search.',
  }),
  signUp,
  allowedGroups,
  groupRoles,
  operatorGroups,
  duration({
    name: 'ldap-recheck-interval',
    default: '15m',
    min: '0',
    max: '1d',
    about:
      'How often every user of the directory is looked up again: sessions of those who are gone end, and groups are ' +
      'taken over. 0: never.',
  }),
] as const
