export function buildConsole(folder: string): Promise<void>
export function consoleOfSources(): Promise<string>
export function digestOfConsole(): string
