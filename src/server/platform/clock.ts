/** The only place that reads the machine's clock. Everything else is told `now`. */
export type Clock = { now: () => Temporal.Instant };

export const systemClock: Clock = {
  now: () => Temporal.Instant.fromEpochMilliseconds(Temporal.Now.instant().epochMilliseconds),
};

/** Monotonic milliseconds, for measuring how long a piece of work took. */
export const stopwatch = () => {
  const start = performance.now();
  return () => performance.now() - start;
};

export const seconds = (n: number): Temporal.Duration => Temporal.Duration.from({ milliseconds: Math.round(n * 1000) });
export const secondsBetween = (from: Temporal.Instant, to: Temporal.Instant): number =>
  (to.epochMilliseconds - from.epochMilliseconds) / 1000;
