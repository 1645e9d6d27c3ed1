/** The words of sign-in through providers, loaded if there are any. */
export const providerTexts = {
  with: (label: string) => `Sign in with ${label}`,
  or: 'or with a password',
  problems: {
    expired: 'The sign-in took too long, or was finished before. Start again.',
    'refused-by-provider': 'The provider refused the sign-in. Start again, or ask an operator.',
    'provider-away': 'The provider does not answer. Try again shortly.',
    'not-allowed': 'Your account at the provider may not sign in here. Ask an operator.',
    'name-taken': 'Another user here has your name. Ask an operator to link your account to a user.',
    'identity-taken': 'Your account at the provider belongs to another user here.',
    inactive: 'This account is deactivated. Ask an operator to reactivate it.',
    clock: 'The clocks of the provider and of this server differ. Ask an operator.',
    misconfigured: 'The provider and this server do not fit together. Ask an operator.',
  } as Readonly<Record<string, string>>,
} as const
