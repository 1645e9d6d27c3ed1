const BORDER = 2

/**
 * A text as a QR code, for an SVG of `size` by `size` units: the path of its dark modules, with a border around them.
 * Made here and not in the browser, whose page would have to load the encoder.
 */
export async function qrCodeOf(text: string): Promise<{ size: number; path: string }> {
  // Only here, because few requests need it.
  const { encode } = await import('uqr')
  const { data, size } = encode(text, { ecc: 'M', border: BORDER })
  const modules = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
  return { size, path: modules.join('') }
}
