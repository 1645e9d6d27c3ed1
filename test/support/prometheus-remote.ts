/**
 * Bodies of Prometheus' remote write and read (prometheus/prompb/remote.proto, version 1), packed in snappy's block
 * format as one literal.
 */

export const PROMETHEUS = {
  ...{ 'content-encoding': 'snappy', 'content-type': 'application/x-protobuf' },
  'x-prometheus-remote-write-version': '0.1.0',
} as const

/** One sample of now. */
export function remoteWrite(name: string, labels: Readonly<Record<string, string>>, value: number): Buffer {
  const all = Object.entries({ __name__: name, ...labels })
  const double = Buffer.alloc(8)
  double.writeDoubleLE(value)
  const sample = Buffer.concat([Buffer.from([0x09]), double, Buffer.from([0x10]), varint(Date.now())])
  const series = [
    ...all.map(([key, text]) => member(1, [member(1, key), member(2, text)])),
    member(2, [sample]),
  ]
  return snappy(member(1, series))
}

/** Every sample of a metric up to now. */
export function remoteRead(name: string): Buffer {
  const matcher = [member(2, '__name__'), member(3, name)]
  const end = Buffer.concat([Buffer.from([0x10]), varint(Date.now() + 60_000)])
  return snappy(member(1, [end, member(3, matcher)]))
}

/** A field whose value has a length (protobuf's wire type 2). */
function member(number: number, value: string | readonly Buffer[]): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : Buffer.concat(value)
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(bytes.length), bytes])
}

function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = BigInt(value)
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128)
  return Buffer.from([...bytes, Number(rest)])
}

/** A literal whose length stands in two bytes. */
function snappy(text: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16LE(text.length - 1)
  return Buffer.concat([varint(text.length), Buffer.from([61 << 2]), length, text])
}
