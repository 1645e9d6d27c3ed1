/** The words of the pages that give a command line a token, loaded with them only. */

const HOUR = 3600
const DAY = 24 * HOUR
const rounded = (count: number, unit: string) => `${count} ${unit}${count === 1 ? '' : 's'}`

export const commandLineTexts = {
  title: 'Sign in on the command line',
  lead: 'sluice login asks for a token to act as you.',
  deviceTitle: 'Sign in on another machine',
  deviceLead: 'Type the code that sluice login shows there.',
  code: 'Code',
  codeHint: 'Eight letters, such as WDJB-MJHT.',
  next: 'Continue',
  ask: 'Give this command line a token?',
  here: 'Go on only if you have just run sluice login on this computer yourself. If anybody sent you a link to this page, refuse.',
  elsewhere: (code: string) =>
    `Go on only if you have just run sluice login yourself, and it shows the code ${code}. If somebody sent you this code or called you about it, refuse: they could act as you.`,
  otherAddress: (address: string) =>
    `It asks from ${address}, which is not the address of this browser. That is usual only if the command runs on another machine.`,
  actsAs: 'Acts as',
  machine: 'Machine',
  machineHint: 'as it calls itself',
  address: 'Address',
  asked: 'Asked',
  ends: 'The token ends',
  endsAfter: (seconds: number) =>
    `after ${seconds % DAY === 0 ? rounded(seconds / DAY, 'day') : seconds >= HOUR ? rounded(Math.round(seconds / HOUR), 'hour') : rounded(Math.max(1, Math.round(seconds / 60)), 'minute')}, or when you delete it`,
  reach: 'What it may do',
  everything: 'Everything, as an operator',
  within: (organization: string) => `What you may in ${organization}`,
  readOnly: 'Only read',
  readOnlyHint: 'It changes and writes nothing.',
  nothing: 'You belong to no organization, so a token could not do anything.',
  approve: 'Give it a token',
  refuse: 'Refuse',
  approvedTitle: 'The command line is signed in',
  approvedText: 'You can close this page. The token is listed with your others.',
  refusedTitle: 'It was refused',
  refusedText: 'The command line has no token. If you did not run sluice login yourself, tell an operator.',
  failedTitle: 'The command line is not signed in',
  failedText: 'It has no token; what it printed says why. Run sluice login again.',
  over: 'This sign-in is over, or the code is wrong',
  overText: 'It lasts ten minutes and works once. Run sluice login again.',
  none: 'Nothing asks for a token here. Run sluice login.',
  again: 'Type another code',
} as const
