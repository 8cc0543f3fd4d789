import { useQuery } from '@tanstack/react-query';
import { useCan } from '../../api/me.ts';
import { setup as t } from '../../text/setup.ts';
import { Link } from '../../ui/button.tsx';
import { Section } from '../../ui/layout.tsx';
import { setupStateQuery } from '../setup/queries.ts';

/** While something essential of the set-up is not done, or broke: how much, and the way to it. */
export const SetUp = () => {
  const may = useCan()('settings.write');
  const state = useQuery({ ...setupStateQuery, enabled: may }).data;
  if (!state || state.ready) return null;
  return (
    <Section title={t.home.title} fact={t.progress(state.done, state.of)}>
      <p className="pb-2">{t.title(state.of - state.done)}.</p>
      <Link to="/setup" look="button" size="sm">
        {t.home.go}
      </Link>
    </Section>
  );
};
