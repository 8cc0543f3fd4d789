import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';

type Chunk = { file: string; imports?: string[] };

/** Bytes of scripts, compressed as the server sends them, that the console needs before it shows Home. */
export const firstLoad = async (): Promise<number> => {
  const built = new URL('../dist/web/', import.meta.url);
  const manifest = JSON.parse(await readFile(new URL('.vite/manifest.json', built), 'utf8')) as Record<string, Chunk>;
  const files = new Set<string>();
  const add = (key: string): void => {
    const chunk = manifest[key] as Chunk;
    if (files.has(chunk.file)) return;
    files.add(chunk.file);
    chunk.imports?.forEach(add);
  };
  add('index.html');
  add('pages/home.tsx');
  let bytes = 0;
  for (const file of files) bytes += gzipSync(await readFile(new URL(file, built)), { level: 9 }).length;
  return bytes;
};
