import { useQuery } from '@tanstack/react-query';
import { slackManifest } from '../../../contract/slack-manifest.ts';
import { settings } from '../../text/settings.ts';
import { OutLink } from '../../ui/button.tsx';
import { Code } from '../../ui/text.tsx';
import { setupQuery } from '../setup/queries.ts';

const t = settings.channels.slack;

/** The app to make in Slack, with the address that Slack must reach. */
export const SlackManifest = () => {
  const address = useQuery(setupQuery).data?.public_url ?? location.origin;
  return (
    <div className="flex max-w-180 flex-col gap-2 pt-4">
      <p className="text-fg-muted">
        {t.make} <OutLink href="https://api.slack.com/apps">api.slack.com/apps</OutLink>
      </p>
      {!address.startsWith('https://') && <p>{t.needsHttps(address)}</p>}
      <Code label={t.manifest}>{slackManifest(address)}</Code>
    </div>
  );
};
