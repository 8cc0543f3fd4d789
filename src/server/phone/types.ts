declare module '../platform/jobs.ts' {
  interface JobMap {
    'phone.call_over': { call_id: string };
  }
}

export type {};
