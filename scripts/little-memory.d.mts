export function keepLittleMemory(): void
