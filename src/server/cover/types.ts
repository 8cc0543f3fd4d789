declare module '../platform/jobs.ts' {
  interface JobMap {
    'cover.over': { request_id: string };
  }
}

export type {};
