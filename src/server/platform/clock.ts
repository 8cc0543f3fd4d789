/** The only place that reads the machine's clock. Everything else is told `now`. */
export type Clock = { now: () => Temporal.Instant };

export const systemClock: Clock = {
  now: () => Temporal.Instant.fromEpochMilliseconds(Temporal.Now.instant().epochMilliseconds),
};
