import { readFile } from 'node:fs/promises';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, type Rolldown, transformWithOxc } from 'vite';

const THEME = new URL('src/web/theme-first.ts', import.meta.url).pathname;

/** The theme is set by a classic script before anything is painted (an inline one would need a weaker CSP), and the font is on its way. */
const beforePaint = (): Plugin => {
  const compiled = async () => (await transformWithOxc(await readFile(THEME, 'utf8'), THEME)).code.replace(/^export .*$/gm, '');
  return {
    name: 'before-paint',
    async buildStart() {
      if (this.environment.mode !== 'build') return;
      this.emitFile({ type: 'asset', name: 'theme-first.js', source: await compiled() });
    },
    configureServer(server) {
      server.middlewares.use('/theme-first.js', async (_request, response) => {
        response.setHeader('content-type', 'text/javascript');
        response.end(await compiled());
      });
    },
    transformIndexHtml: {
      order: 'post',
      handler(_html, context) {
        const built = Object.keys(context.bundle ?? {}).find((name) => /^assets\/theme-first-[^.]+\.js$/.test(name));
        const src = built ? `/${built}` : '/theme-first.js';
        const font = Object.keys(context.bundle ?? {}).find((name) => /\/geist-latin-wght-normal-[^.]+\.woff2$/.test(name));
        const preload = { rel: 'preload', href: `/${font}`, as: 'font', type: 'font/woff2', crossorigin: '' };
        return [
          { tag: 'script', attrs: { src }, injectTo: 'head-prepend' },
          ...(font ? [{ tag: 'link', attrs: preload, injectTo: 'head' as const }] : []),
        ];
      },
    },
  };
};

/** Text is compressed once, at build: the server only picks the file. */
const precompress = (): Plugin => ({
  name: 'precompress',
  apply: 'build',
  enforce: 'post',
  generateBundle: {
    order: 'post',
    handler(_options, bundle) {
      for (const [name, part] of Object.entries(bundle)) {
        if (!/\.(js|css|svg|webmanifest)$/.test(name)) continue;
        const source = Buffer.from(part.type === 'chunk' ? part.code : part.source);
        this.emitFile({ type: 'asset', fileName: `${name}.gz`, source: gzipSync(source, { level: 9 }) });
        this.emitFile({
          type: 'asset',
          fileName: `${name}.br`,
          source: brotliCompressSync(source, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }),
        });
      }
    },
  },
});

const FIRST = ['src/web/main.tsx', 'src/web/pages/sign-in.tsx', 'src/web/pages/home.tsx'].map(
  (path) => new URL(path, import.meta.url).pathname,
);
let ids: Set<string> | undefined;
/** What the console, its way in and Home import, and what that imports. */
const neededFirst = (graph: Rolldown.ChunkingContext): Set<string> => {
  if (ids) return ids;
  ids = new Set();
  const left = FIRST.flatMap((id) => graph.getModuleInfo(id)?.importedIds ?? []);
  for (let id = left.pop(); id; id = left.pop()) {
    if (ids.has(id)) continue;
    ids.add(id);
    left.push(...(graph.getModuleInfo(id)?.importedIds ?? []));
  }
  return ids;
};

/** `npm run ui`: the console against a server at ALLCLEAR_URL; the living page of the design system is at /ui.html. */
export default defineConfig({
  root: 'src/web',
  plugins: [react(), tailwind(), beforePaint(), precompress()],
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    // What comes first is one file; test/browser/shell.test.ts holds it to 200 KB, compressed.
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      input: { index: 'src/web/index.html', 'service-worker': 'src/web/service-worker.ts' },
      output: {
        // Few files: each is a turn of the network. What comes first is one, what several other screens share is another.
        codeSplitting: {
          groups: [
            { name: (id, graph) => (neededFirst(graph).has(id) ? 'first' : null), priority: 2 },
            { name: 'shared', minShareCount: 3, priority: 1 },
          ],
        },
        entryFileNames: (chunk) => (chunk.name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  server: {
    host: '127.0.0.1',
    // Not the folder api/ of the sources.
    proxy: { '^/api/(?!.*\\.tsx?)': process.env.ALLCLEAR_URL ?? 'http://localhost:8080' },
  },
});
