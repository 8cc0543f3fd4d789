import { sql } from 'kysely';
import type { Database } from './database.ts';

/** The key that signs links, made once for an installation and the same on every node. */
export const linkSecret = async (database: Database, make: () => Buffer): Promise<Buffer> => {
  await sql`insert into instance (link_secret) values (${make()}) on conflict do nothing`.execute(database.db);
  const { rows } = await sql<{ link_secret: Buffer }>`select link_secret from instance`.execute(database.db);
  return (rows[0] as { link_secret: Buffer }).link_secret;
};
