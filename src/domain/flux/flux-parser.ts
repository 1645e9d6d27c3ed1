/**
 * InfluxDB's own parser (Rust, of Flux 0.193; no change of the language since), as WebAssembly. It is loaded at the
 * first text that needs it.
 *
 * Hostile texts make it recurse or allocate without end: `@a(1 } )` is enough. So its memory has a limit, in which any
 * such text ends within a fraction of a second, and an instance that failed is not used again.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const FILE = '@influxdata/flux-lsp-browser/flux-lsp-browser_bg.wasm'
const GLUE = './flux-lsp-browser_bg.js'
/** In pages of 64 KiB. */
const MAX_PAGES = 512
/** The longest text, in bytes of UTF-8. Its tree may be a hundred times as large. */
const MAX_BYTES = 262_144

/** The part of the WebAssembly API that is used here; TypeScript declares it only for browsers. */
declare const WebAssembly: {
  readonly Module: {
    new (code: Uint8Array<ArrayBuffer>): WasmModule
    imports(compiled: WasmModule): readonly { readonly name: string }[]
  }
  readonly Instance: new (compiled: WasmModule, imports: object) => { readonly exports: object }
  readonly RuntimeError: new (message: string) => Error
}

interface WasmModule {
  readonly __module: never
}

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer }
  parse(pointer: number, length: number): number
  __wbindgen_malloc(length: number): number
}

interface Parser {
  parse(text: Uint8Array): unknown
}

let module: WasmModule | undefined
let instance: Parser | undefined

/**
 * The syntax tree of a text, in the JSON that InfluxDB uses, with escapes decoded. If the text is wrong, nodes have
 * `errors` or are of a type that begins with `Bad`. Undefined if the text is too long or too complex.
 */
export function parseFlux(text: string): unknown {
  const bytes = Buffer.from(text)
  if (bytes.length > MAX_BYTES) return undefined
  module ??= new WebAssembly.Module(withLimit(read(), MAX_PAGES))
  instance ??= createParser(module)
  const parser = instance
  instance = undefined
  try {
    const tree = parser.parse(bytes)
    instance = parser
    return tree
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError || error instanceof RangeError) return undefined
    throw error
  }
}

function read(): Uint8Array {
  return readFileSync(createRequire(import.meta.url).resolve(FILE))
}

function createParser(compiled: WasmModule): Parser {
  let result: unknown
  const never = () => {
    throw new WebAssembly.RuntimeError('the parser called what parsing does not need')
  }
  const functions = Object.fromEntries(WebAssembly.Module.imports(compiled).map(({ name }) => [name, never]))
  const textAt = (pointer: number, length: number) =>
    Buffer.from(exports.memory.buffer, pointer, length).toString('utf8')
  const imports = {
    ...functions,
    // The package's own JavaScript returns a handle of the value, which `parse` passes on; here the value itself is
    // kept.
    __wbindgen_json_parse(pointer: number, length: number) {
      result = JSON.parse(textAt(pointer, length))
      return 0
    },
  }
  const exports = new WebAssembly.Instance(compiled, { [GLUE]: imports }).exports as unknown as Exports
  return {
    parse(text) {
      result = undefined
      const pointer = exports.__wbindgen_malloc(text.length)
      new Uint8Array(exports.memory.buffer, pointer, text.length).set(text)
      exports.parse(pointer, text.length)
      return result
    },
  }
}

const MEMORY_SECTION = 5
const HEADER_BYTES = 8

/** The same code with a limit to its memory, which the package leaves open. */
function withLimit(code: Uint8Array, maxPages: number): Uint8Array<ArrayBuffer> {
  for (let at = HEADER_BYTES; at < code.length; ) {
    const length = numberAt(code, at + 1)
    const end = length.end + length.value
    if (code[at] === MEMORY_SECTION) {
      // One memory, without a limit, with this number of pages at first.
      const [count, flags] = code.subarray(length.end, end)
      if (count !== 1 || flags !== 0) break
      const limits = [
        1,
        1,
        ...numberAsBytes(numberAt(code, length.end + 2).value),
        ...numberAsBytes(maxPages),
      ]
      const section = [MEMORY_SECTION, ...numberAsBytes(limits.length), ...limits]
      return new Uint8Array(Buffer.concat([code.subarray(0, at), Buffer.from(section), code.subarray(end)]))
    }
    at = end
  }
  throw new Error(`${FILE} is not the file that this version was written for`)
}

/** A number as WebAssembly writes it: seven bits a byte, the lowest first. */
function numberAt(code: Uint8Array, start: number): { readonly value: number; readonly end: number } {
  let value = 0
  let end = start
  for (let shift = 0; ; shift += 7) {
    const byte = code[end++] ?? 0
    value += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) return { value, end }
  }
}

function numberAsBytes(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...numberAsBytes(value >>> 7)]
}
