export function watchNpm(script: string, onEnd: () => void): void
export function exitWithNpm(script: string): void
