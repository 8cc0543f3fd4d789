import type { z } from 'zod';
import { jsonSchemaOf } from './explain.ts';
import { same } from './same.ts';

type Json = { [key: string]: unknown };
const isMap = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value without what its schema would fill in by itself; reading it again gives the same value. */
export const withoutDefaults = (schema: z.ZodType, value: unknown): unknown => strip(jsonSchemaOf(schema), value);

/** A layer's rotation is filled in only beside a calendar. */
const mustBeSaid = (key: string, value: Json) => key === 'rotation' && !('calendar' in value);

const strip = (schema: unknown, value: unknown): unknown => {
  if (!isMap(schema)) return value;
  if (Array.isArray(value)) return value.map((item) => strip(schema.items, item));
  if (!isMap(value) || !isMap(schema.properties)) return value;
  const properties = schema.properties;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      const known = properties[key];
      const isDefault = isMap(known) && 'default' in known && same(known.default, inner) && !mustBeSaid(key, value);
      if (inner === undefined || isDefault) return [];
      return [[key, strip(known, inner)]];
    }),
  );
};
