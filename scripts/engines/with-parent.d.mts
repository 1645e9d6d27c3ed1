export function runWithParent(
  program: string,
  args: readonly string[],
): Promise<{ pid: number; end(): Promise<void> }>

/** An empty folder, removed by `remove` or with this process. */
export function folderWithParent(prefix: string): { path: string; remove(): Promise<void> }
