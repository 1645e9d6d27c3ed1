import { defineConfig } from 'vite'

/** The texts that the component library says by itself are in thirty languages; the console has one. */
const OTHER_LANGUAGES =
  /[\\/](?:react-aria|react-stately|@react-aria|@react-stately)[\\/].*[\\/]intl[\\/].*[\\/](?!en-US)[a-z]{2}-[A-Z]{2}\.[cm]?js$/

/** In front of which `npx vite console` serves the sources as they are. */
const SERVER = 'http://127.0.0.1:8086'

export default defineConfig({
  build: {
    target: 'esnext',
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      onLog(level, log, handle) {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') handle(level, log)
      },
    },
  },
  plugins: [
    {
      name: 'one-language',
      enforce: 'pre',
      load: (id) => (OTHER_LANGUAGES.test(id) ? 'export default {}' : undefined),
    },
  ],
  server: {
    proxy: Object.fromEntries(
      // The host is left as the browser named it: requests by cookie must come from the server's own origin.
      ['/api', '/health', '/metrics'].map((path) => [path, { target: SERVER, changeOrigin: false }]),
    ),
  },
})
