import { defineConfig } from 'vite'

/** In front of which `npx vite console` serves the sources as they are. */
const SERVER = 'http://127.0.0.1:8086'

export default defineConfig({
  experimental: {
    // The scripts find each other wherever the server puts them; it writes the addresses in pages (console-files.ts).
    renderBuiltUrl: (_name, { hostType }) => (hostType === 'html' ? undefined : { relative: true }),
  },
  build: {
    target: 'esnext',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // Each of these is small, and loaded before sign-in.
        codeSplitting: {
          groups: [{ name: 'start', test: /console\/src\/(base|ui\/(scheme|strength))\.ts$/ }],
        },
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      // The host is left as the browser named it: requests by cookie must come from the server's own origin.
      ['/api', '/docs', '/health', '/metrics'].map((path) => [path, { target: SERVER, changeOrigin: false }]),
    ),
  },
})
