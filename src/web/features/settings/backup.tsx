import { settings } from '../../text/settings.ts';
import { DownloadLink } from '../../ui/button.tsx';
import { Section } from '../../ui/layout.tsx';
import { Code } from '../../ui/text.tsx';

const t = settings.backup;

export const Backup = () => (
  <>
    <Section title={t.title} padded="page">
      <div className="flex max-w-160 flex-col gap-3">
        <p className="text-fg-muted">{t.why}</p>
        <div>
          <DownloadLink href="/api/backup" look="main">
            {t.download}
          </DownloadLink>
        </div>
        <p className="text-meta text-fg-subtle">{t.noted}</p>
      </div>
    </Section>
    <Section title={t.command} padded="page">
      <div className="flex max-w-160 flex-col gap-3">
        <p className="text-fg-muted">{t.commandWhy}</p>
        <Code label={t.command}>
          {`curl -fsS -H "Authorization: Bearer $KEY" \\\n  ${location.origin}/api/backup -o allclear.backup.gz`}
        </Code>
      </div>
    </Section>
    <Section title={t.restore} padded="page">
      <div className="flex max-w-160 flex-col gap-3">
        <p className="text-fg-muted">{t.restoreWhy}</p>
        <Code label={t.restore}>./allclear restore allclear.backup.gz</Code>
        <p className="text-fg-muted">{t.restoreThen}</p>
      </div>
    </Section>
  </>
);
