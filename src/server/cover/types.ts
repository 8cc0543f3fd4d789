declare module '../platform/jobs.ts' {
  interface JobMap {
    'cover.over': { request_id: string };
    'cover.tell_chat': { message_id: string; tries: number };
  }
}

export type {};
