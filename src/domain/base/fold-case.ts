/** Text as searches compare it: in any case, and however its letters are composed. */
export const foldCase = (text: string): string => text.normalize().toLowerCase()
