/**
 * What has happened, by name. A module adds its own events in its `types.ts`:
 * `declare module '../platform/events.ts' { interface EventMap { 'incident.acknowledged': … } }`.
 * flow.ts must name the actions that answer each one.
 */
// biome-ignore lint/suspicious/noEmptyInterface: filled by declaration merging in each module
export interface EventMap {}
