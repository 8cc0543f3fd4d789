import type { Person } from '../../../contract/people.ts';

export type Reach = Pick<Person, 'contact_methods' | 'notification_rules'>;
export type Method = Reach['contact_methods'][number];
export type Urgency = keyof Reach['notification_rules'];
export type Step = Reach['notification_rules'][Urgency][number];

/** One change of how somebody is reached: made again from what is saved then, when somebody else was first. */
export type Change = (reach: Reach) => Reach;

/** Where pushes to a browser go: of its subscription, which is JSON. Undefined for every other address. */
export const endpointOf = ({ channel, address }: Method): string | undefined =>
  channel === 'webpush' ? (JSON.parse(address) as { endpoint: string }).endpoint : undefined;
/** An address as people read it. */
export const shownAddress = (method: Method): string => {
  const endpoint = endpointOf(method);
  return endpoint ? new URL(endpoint).host : method.address;
};

const eachUrgency = (reach: Reach, edit: (steps: Step[], urgency: Urgency) => Step[]): Reach['notification_rules'] => ({
  high: edit(reach.notification_rules.high, 'high'),
  low: edit(reach.notification_rules.low, 'low'),
});
const same = (a: Step, b: Step): boolean =>
  a.after_seconds === b.after_seconds && a.methods.toSorted().join() === b.methods.toSorted().join();

export const withMethod =
  (method: Method): Change =>
  (reach) => ({ ...reach, contact_methods: [...reach.contact_methods.filter((one) => one.label !== method.label), method] });

/** Rules speak only of methods that are there. */
export const withoutMethod =
  (label: string): Change =>
  (reach) => ({
    contact_methods: reach.contact_methods.filter((one) => one.label !== label),
    notification_rules: eachUrgency(reach, (steps) =>
      steps
        .map((step) => ({ ...step, methods: step.methods.filter((one) => one !== label) }))
        .filter((step) => step.methods.length > 0),
    ),
  });

/** Undoes `withoutMethod`: the method as it was, and its place in each rule that spoke of it. */
export const methodPutBack =
  (before: Reach, label: string): Change =>
  (reach) => {
    const method = before.contact_methods.find((one) => one.label === label);
    if (!method || reach.contact_methods.some((one) => one.label === label)) return reach;
    const at = before.contact_methods.indexOf(method);
    return {
      contact_methods: reach.contact_methods.toSpliced(at, 0, method),
      notification_rules: eachUrgency(reach, (steps, urgency) => {
        const spoke = before.notification_rules[urgency].filter((step) => step.methods.includes(label));
        return spoke.reduce((all, was) => {
          const left = { ...was, methods: was.methods.filter((one) => one !== label) };
          const index = all.findIndex((step) => same(step, left));
          return index >= 0 ? all.with(index, was) : all.concat({ ...was, methods: [label] });
        }, steps);
      }),
    };
  };

export const withStep =
  (urgency: Urgency, step: Step): Change =>
  (reach) => ({
    ...reach,
    notification_rules: eachUrgency(reach, (steps, of) => (of === urgency ? [...steps, step] : steps)),
  });

export const withoutStep =
  (urgency: Urgency, step: Step): Change =>
  (reach) => ({
    ...reach,
    notification_rules: eachUrgency(reach, (steps, of) => {
      const index = of === urgency ? steps.findIndex((one) => same(one, step)) : -1;
      return index < 0 ? steps : steps.toSpliced(index, 1);
    }),
  });
