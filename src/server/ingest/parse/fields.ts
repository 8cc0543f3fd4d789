import { z } from 'zod';
import type { Image, Link } from '../../alerts/types.ts';
import { cleanText, cutKey, cutText, LIMITS } from './truncate.ts';

export type Fields = Record<string, unknown>;

/** A JSON object: not null, not an array. */
export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A scalar as trimmed text; undefined for an object, an array, null and blank text. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value.trim();
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** Lenient zod fields: a value of the wrong type reads as absent, because the sender cannot be asked again. */
export const Text = z.unknown().optional().transform(textOf);
export const Dictionary = z
  .unknown()
  .optional()
  .transform((value): Fields => (isFields(value) ? value : {}));
export const List = z
  .unknown()
  .optional()
  .transform((value): unknown[] => (Array.isArray(value) ? value : []));

/**
 * Labels from any JSON objects, earlier ones winning: scalars as they are, objects flattened with dots (four levels), lists
 * of scalars joined with commas, anything else left to the raw payload. At most 200, names and values cut.
 */
export function flattenLabels(...objects: unknown[]): Record<string, string> {
  const labels = new Map<string, string>();
  for (const object of objects) if (isFields(object)) collect(labels, object, '', 4);
  return Object.fromEntries(labels);
}

function collect(labels: Map<string, string>, object: Fields, prefix: string, depth: number): void {
  for (const [name, value] of Object.entries(object)) {
    if (labels.size >= LIMITS.labels) return;
    const key = cutKey(prefix + name);
    if (isFields(value)) {
      if (depth > 1) collect(labels, value, `${key}.`, depth - 1);
      continue;
    }
    const text = Array.isArray(value) ? joined(value) : textOf(value);
    if (text !== undefined && name !== '' && !labels.has(key)) labels.set(key, cutText(text, LIMITS.labelValue));
  }
}

function joined(list: unknown[]): string | undefined {
  const texts = list.slice(0, LIMITS.labels).map(textOf);
  return texts.length > 0 && texts.every((text) => text !== undefined) ? texts.join(', ') : undefined;
}

/** An absolute http(s) address, or undefined. Anything else (javascript:, file:, a bare path) is never shown as a link. */
export function hrefOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > LIMITS.href || !/^https?:\/\//i.test(value.trim())) return undefined;
  const href = cleanText(value.trim());
  return URL.canParse(href) ? href : undefined;
}

/** The usable ones of possible links, each address once, in order. */
export function linksOf(candidates: { href: unknown; text?: unknown }[]): Link[] {
  const links = new Map<string, Link>();
  for (const candidate of candidates) {
    const href = hrefOf(candidate.href);
    if (!href || links.has(href) || links.size >= LIMITS.links) continue;
    const text = textOf(candidate.text);
    links.set(href, text ? { href, text: cutText(text, LIMITS.linkText) } : { href });
  }
  return [...links.values()];
}

/** The usable ones of possible images, in order. */
export function imagesOf(candidates: { src: unknown; href?: unknown; alt?: unknown }[]): Image[] {
  const images: Image[] = [];
  for (const candidate of candidates) {
    const src = hrefOf(candidate.src);
    if (!src || images.length >= LIMITS.images) continue;
    const href = hrefOf(candidate.href);
    const alt = textOf(candidate.alt);
    images.push({ src, ...(href && { href }), ...(alt && { alt: cutText(alt, LIMITS.linkText) }) });
  }
  return images;
}
