import { defineConfig, type HtmlTagDescriptor, type Plugin } from 'vite'

/** In front of which `npx vite console` serves the sources as they are. */
const SERVER = 'http://127.0.0.1:8086'

export default defineConfig({
  plugins: [fetchEarly()],
  build: {
    target: 'esnext',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
  server: {
    proxy: Object.fromEntries(
      // The host is left as the browser named it: requests by cookie must come from the server's own origin.
      ['/api', '/health', '/metrics'].map((path) => [path, { target: SERVER, changeOrigin: false }]),
    ),
  },
})

/** Has the browser fetch, while it paints, what the entry is going to import. */
function fetchEarly(): Plugin {
  return {
    name: 'fetch-early',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }): HtmlTagDescriptor[] {
        const tags = new Map<string, HtmlTagDescriptor>()
        const preload = (file: string, as: string) => {
          const attrs = { rel: 'preload', as, crossorigin: true, href: `/${file}` }
          tags.set(file, { tag: 'link', attrs, injectTo: 'head' })
        }
        const follow = (file: string) => {
          const chunk = bundle?.[file]
          if (chunk?.type !== 'chunk' || tags.has(file)) return
          if (!chunk.isEntry) {
            preload(file, 'script')
            for (const style of chunk.viteMetadata?.importedCss ?? []) preload(style, 'style')
          }
          for (const each of [...chunk.imports, ...(chunk.isEntry ? chunk.dynamicImports : [])]) follow(each)
        }
        for (const [file, chunk] of Object.entries(bundle ?? {})) {
          if (chunk.type === 'chunk' && chunk.isEntry) follow(file)
        }
        return [...tags.values()]
      },
    },
  }
}
