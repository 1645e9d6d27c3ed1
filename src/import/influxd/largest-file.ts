/** In bytes: what is read into memory at most. 10,000 tokens take some 40 MB. */
export const LARGEST_FILE = 2 ** 31
