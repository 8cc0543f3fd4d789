import { useQuery } from '@tanstack/react-query';
import { slackManifest } from '../../../contract/slack-manifest.ts';
import { settings } from '../../text/settings.ts';
import { OutLink } from '../../ui/button.tsx';
import { Code } from '../../ui/text.tsx';
import { setupQuery } from '../setup/queries.ts';

const t = settings.channels.slack;

/** The app to make in Slack first, with the address that Slack must reach. */
export const SlackManifest = () => {
  const address = useQuery(setupQuery).data?.public_url ?? location.origin;
  return (
    <div className="flex max-w-180 flex-col gap-2 pt-3">
      <p className="text-fg-muted">{t.make}</p>
      {!address.startsWith('https://') && <p className="text-fg-muted">{t.needsHttps(address)}</p>}
      {[t.manifest, t.socketManifest].map((label) => (
        <details key={label}>
          <summary className="min-h-6 cursor-pointer">{label}</summary>
          <div className="flex flex-col gap-2 pt-1">
            <p>
              <OutLink href="https://api.slack.com/apps?new_app=1">api.slack.com/apps</OutLink>
            </p>
            <Code label={label}>{slackManifest(label === t.manifest ? address : undefined)}</Code>
          </div>
        </details>
      ))}
    </div>
  );
};
