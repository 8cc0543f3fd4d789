import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, ok } from '../../api/client.ts';
import { handoffs as t } from '../../text/handoffs.ts';
import { duration } from '../../time.ts';
import { Button, Link, OutLink } from '../../ui/button.tsx';
import { ProblemStrip, Section, SkeletonRows } from '../../ui/layout.tsx';
import { Mark } from '../../ui/marks.tsx';
import { toast } from '../../ui/overlay.tsx';
import { Row, Rows } from '../../ui/rows.tsx';
import { Person, Subtle } from '../../ui/text.tsx';
import { useCalled } from '../schedules/use-view.ts';
import { type Check, checkQuery, type Handoff } from './queries.ts';

const STATE = { ok: 'ok', warning: 'medium', error: 'high' } as const;

/** What to see to before the shift begins: computed, never ticked by hand. What is wrong comes first. */
export const PreShift = ({ handoff, mine }: { handoff: Handoff; mine: boolean }) => {
  const called = useCalled();
  const client = useQueryClient();
  const { data, error, isPending } = useQuery(checkQuery(handoff.id));
  const test = useMutation({
    mutationFn: () => ok(api.POST('/api/people/{name}/test-page', { params: { path: { name: data?.person ?? '' } } })),
    onSuccess: ({ methods }) => {
      toast(t.check.sent(methods.join(', ')));
      void client.invalidateQueries({ queryKey: ['handoffs', 'check'] });
    },
  });
  if (!data)
    return (
      <Section title={t.check.title}>
        <ProblemStrip error={error} />
        {isPending && <SkeletonRows rows={5} />}
      </Section>
    );
  const rank = (item: Check['items'][number]) => ['error', 'warning', 'ok'].indexOf(item.state);
  return (
    <>
      <Section title={t.check.title} fact={mine ? t.check.mine : t.check.of(called(data.person))}>
        <ProblemStrip error={test.error} />
        <Rows label={t.check.title}>
          {data.items
            .toSorted((a, b) => rank(a) - rank(b))
            .map((item) => (
              <Row key={`${item.id} ${item.text}`}>
                <span className="min-w-0 flex-1 py-1">
                  <Mark state={STATE[item.state]} quiet={item.state === 'ok'}>
                    {t.check.name[item.id]}
                  </Mark>
                  <span className="block text-meta text-fg-muted">
                    {item.text} {item.fix}
                  </span>
                </span>
                {mine && item.id === 'leave' && item.state !== 'ok' && (
                  <Link to="/cover/new" look="button" size="sm">
                    {t.check.cover}
                  </Link>
                )}
                {mine && item.id === 'readiness' && item.state !== 'ok' && (
                  <Link to="/me" look="button" size="sm">
                    {t.check.methods}
                  </Link>
                )}
              </Row>
            ))}
        </Rows>
        {mine && (
          <div className="pt-3">
            <Button busy={test.isPending} onClick={() => test.mutate()}>
              {t.check.send}
            </Button>
          </div>
        )}
      </Section>
      {data.runbooks.length > 0 && (
        <Section title={t.check.read}>
          <Rows label={t.check.read}>
            {data.runbooks.map((one) => (
              <Row key={one.service}>
                <span className="min-w-0 flex-1 py-1">
                  <Link to={`/services/${one.service}`}>{one.title || one.service}</Link>
                  {one.links.length === 0 ? (
                    <Subtle> {t.check.noLink}</Subtle>
                  ) : (
                    one.links.map((link) => (
                      <span key={link} className="block py-1 break-all text-meta">
                        <OutLink href={link}>{link.replace(/^https?:\/\//, '')}</OutLink>
                      </span>
                    ))
                  )}
                </span>
              </Row>
            ))}
          </Rows>
        </Section>
      )}
      <Section title={t.check.contacts}>
        {data.contacts.every((policy) => policy.next.length === 0) && <p className="text-fg-muted">{t.check.noContacts}</p>}
        <Rows label={t.check.contacts}>
          {data.contacts.flatMap((policy) =>
            policy.next.map((step) => (
              <Row key={`${policy.policy} ${step.step}`}>
                <span className="min-w-0 flex-1 py-1">
                  <span className="flex flex-wrap gap-x-4 gap-y-1">
                    {step.people.map((one) => (
                      <Person key={one.name} name={one.display_name} />
                    ))}
                    {step.places.length > 0 && <Subtle>{t.check.places(step.places.join(', '))}</Subtle>}
                    {step.people.length + step.places.length === 0 && <Subtle>{t.check.nobody}</Subtle>}
                  </span>
                  <span className="block text-meta text-fg-muted">
                    <Link to={`/escalation/${policy.policy}`}>{policy.title || policy.policy}</Link>
                    {step.step === null && `, ${t.check.fallback}`}
                  </span>
                </span>
                <Subtle>{t.check.after(duration(step.after_seconds * 1000))}</Subtle>
              </Row>
            )),
          )}
        </Rows>
      </Section>
    </>
  );
};
