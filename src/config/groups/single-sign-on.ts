import { choice, texts } from '../shapes/setting.ts'

export const singleSignOn = [
  choice({
    name: 'local-sign-in',
    values: ['all', 'operators', 'named', 'none'],
    default: 'all',
    about:
      'Who may sign in with a password of this server beside the providers: all users, operators, those of ' +
      'local-sign-in-users, or none. With none and a provider that is away there is no way in.',
  }),
  texts({
    name: 'local-sign-in-users',
    default: [],
    about: 'The names of the users who may sign in with a password if local-sign-in is named.',
  }),
  choice({
    name: 'sso-tokens',
    values: ['bounded', 'kept'],
    default: 'bounded',
    about:
      'What tokens of users with an identity at a provider give: at most what the memberships of their user give now ' +
      '(bounded), or what they were made with, as tokens of all other users (kept).',
  }),
  choice({
    name: 'sso-gone-tokens',
    values: ['off-when-gone', 'off', 'keep'],
    default: 'off-when-gone',
    about:
      'Whether the tokens of a user are disabled with the sessions if the provider or the directory says that the ' +
      'person is gone, or the rules let them in no more. off: also if the provider says that they have signed out.',
  }),
] as const
