import { invalid } from '../../domain/base/errors.ts'
import type { Parameters } from './target.ts'

export const MULTIPART = 'multipart/form-data'

/**
 * The parameters of a form in parts, as `curl -F` sends it (RFC 7578). InfluxDB 1.x takes `q` as a file too (`serveQuery`
 * in its `services/httpd/handler.go`) and no other file. Throws `invalid` for a body that is no such form.
 */
export async function multipartIn(body: Buffer, contentType: string): Promise<Parameters> {
  const parts: (readonly [name: string, value: string])[] = []
  for (const [name, value] of await formDataOf(body, contentType)) {
    if (typeof value === 'string') parts.push([name, value])
    else if (name === 'q') parts.push([name, await textOf(value)])
  }
  return parts
}

async function formDataOf(body: Buffer, contentType: string): Promise<FormData> {
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData()
  } catch (cause) {
    throw invalid('the body is not multipart/form-data with the boundary that Content-Type names', { cause })
  }
}

async function textOf(file: File): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer())
  } catch (cause) {
    throw invalid('the file q is no UTF-8', { cause })
  }
}
