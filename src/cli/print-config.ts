import { printSettings, settingRecords } from '../config/print.ts'
import { boolean } from '../config/shapes/setting.ts'
import { command } from './frame/command.ts'
import { load } from './load.ts'
import { jsonLine } from './terminal/table.ts'

export const printConfig = command({
  name: 'print-config',
  about: 'Show the effective settings and where each came from',
  details: 'Secrets are hidden.',
  flags: [boolean({ name: 'json', default: false, about: 'One JSON object a line: name, value, source.' })],
  settings: ['config-path'],
  everySetting: true,
  example: 'sluice print-config --config-path /etc/sluice/sluice.toml',
  async run(invocation) {
    const { flags, io } = invocation
    const loaded = load(invocation)
    if (flags.json) for (const each of settingRecords(loaded)) io.stdout.write(jsonLine(each))
    else io.stdout.write(`${printSettings(loaded).trimEnd()}\n`)
    return 0
  },
})
