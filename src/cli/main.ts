#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// What Node makes of the sources is kept beside what is installed: a start takes half the time. Where that folder cannot be written, nothing is kept.
enableCompileCache(join(import.meta.dirname, '../../node_modules/.cache/allclear'));
await import('./here.ts');
