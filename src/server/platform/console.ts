import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Context } from 'hono';
import type { Env, Http } from './http.ts';

const BUILT = fileURLToPath(new URL('../../../dist/web', import.meta.url));

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
};

/**
 * No inline script and no inline `<style>`. Positions of popovers are set through the DOM, which a CSP
 * does not concern. Pictures that alerts link to may come from anywhere over https.
 */
const POLICY = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: https:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

type File = { body: Uint8Array<ArrayBuffer>; br?: Uint8Array<ArrayBuffer>; gz?: Uint8Array<ArrayBuffer> };

/** The built console, about 2 MB, read once a process: path from the root → file, with what was compressed at build. */
const readBuilt = (folder: string): Map<string, File> => {
  const files = new Map<string, File>();
  let names: string[];
  try {
    names = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length));
  } catch {
    return files;
  }
  const all = new Set(names);
  const read = (name: string) => new Uint8Array(readFileSync(join(folder, name)));
  for (const name of names) {
    if (!TYPES[extname(name)]) continue;
    files.set(name, {
      body: read(name),
      ...(all.has(`${name}.br`) ? { br: read(`${name}.br`) } : {}),
      ...(all.has(`${name}.gz`) ? { gz: read(`${name}.gz`) } : {}),
    });
  }
  return files;
};
let built: Map<string, File> | undefined;

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Allclear</title>
<p>The console is not built. Run <code>npm run build</code> in the folder of Allclear and start it again.
<p>The API works without it: <a href="/api/docs">/api/docs</a>.`;

const send = (c: Context<Env>, name: string, file: File, cache: string): Response => {
  const accepts = c.req.header('accept-encoding') ?? '';
  const encoding = file.br && /\bbr\b/.test(accepts) ? 'br' : file.gz && /\bgzip\b/.test(accepts) ? 'gzip' : undefined;
  const body = encoding === 'br' ? file.br : encoding === 'gzip' ? file.gz : file.body;
  return new Response(c.req.method === 'HEAD' ? null : (body ?? file.body), {
    headers: {
      ...HEADERS,
      'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
      'cache-control': cache,
      vary: 'accept-encoding',
      ...(encoding ? { 'content-encoding': encoding } : {}),
    },
  });
};

/**
 * The console: its built files, and its page at every address that accepts HTML and that nothing else
 * answers. Added last. Below `/api/` what does not exist stays a problem.
 */
export const consoleRoutes = ({ app }: Http, folder: string = BUILT): void => {
  if (folder === BUILT) built ??= readBuilt(BUILT);
  const files = (folder === BUILT ? built : undefined) ?? readBuilt(folder);
  app.get('*', async (c, next) => {
    const path = c.req.path;
    const file = path === '/index.html' ? undefined : files.get(path);
    // Names under assets/ hold a hash of what is in them.
    if (file) return send(c, path, file, path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache');
    if (/^\/(api|assets)(\/|$)/.test(path) || !c.req.header('accept')?.includes('text/html')) return next();
    const page = files.get('/index.html');
    if (!page) return c.html(NOT_BUILT, 503, { ...HEADERS, 'cache-control': 'no-store' });
    return send(c, '/index.html', page, 'no-cache');
  });
};
