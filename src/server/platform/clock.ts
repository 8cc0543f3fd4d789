/** The only place that reads the machine's clock. Everything else is told `now`. */
export type Clock = { now: () => Temporal.Instant };

export const systemClock: Clock = {
  now: () => Temporal.Instant.fromEpochMilliseconds(Temporal.Now.instant().epochMilliseconds),
};

/** Milliseconds since it was made, on a clock that nobody sets. */
export const stopwatch = (): (() => number) => {
  const start = performance.now();
  return () => performance.now() - start;
};
