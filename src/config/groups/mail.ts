import { path, text } from '../shapes/setting.ts'

export const mail = [
  text({
    name: 'smtp-url',
    secret: true,
    about:
      'The mail server: smtps://USER:PASSWORD@HOST:PORT, or smtp:// for STARTTLS, which only a host on loopback may ' +
      'lack. Put the password in smtp-password-file or the environment. Unset: no mail is sent.',
  }),
  path({
    name: 'smtp-password-file',
    about: 'A file with the SMTP password, in place of one in the URL; read for each mail.',
  }),
  path({
    name: 'smtp-ca-file',
    about:
      'The certificate (PEM) that the mail server shows or that signed it, where the system does not trust it.',
  }),
  text({
    name: 'smtp-from',
    about: 'The sender of mail, such as sluice@example.com.',
  }),
] as const
