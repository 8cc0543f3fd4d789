// The living page of the design system, in development only: `npm run ui`, then /ui.html. Not part of the build.
import './ui/app.css';
import { Tooltip } from '@base-ui/react/tooltip';
import { QueryClientProvider } from '@tanstack/react-query';
import { createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { Ellipsis, Plus } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/query.ts';
import { parseSearch, stringifySearch } from './search-state.ts';
import { now } from './time.ts';
import { Button, IconButton, Link, OutLink, Tip } from './ui/button.tsx';
import { Checkbox, DateTimeField, Segmented, Switch, TextArea, TextField } from './ui/field.tsx';
import { KeyHint } from './ui/key.tsx';
import { Details, Empty, FactsRow, PageHead, Section, SkeletonRows, Strip } from './ui/layout.tsx';
import { FilterChip, Filters, FilterText, List } from './ui/list.tsx';
import { Badge, Mark, MarkIcon, Severity, type State, Status } from './ui/marks.tsx';
import { Menu } from './ui/menu.tsx';
import { Dialog, Popover, Toasts, toast } from './ui/overlay.tsx';
import { Row, Rows } from './ui/rows.tsx';
import { Combobox, Select } from './ui/select.tsx';
import { Choices, Progress, Step, Steps } from './ui/steps.tsx';
import { Tabs } from './ui/tabs.tsx';
import { Code, Countdown, Lasted, Muted, Person, SentenceControl, Subtle, Time } from './ui/text.tsx';

const STATES: State[] = ['critical', 'high', 'medium', 'low', 'ok', 'maint', 'unknown'];
const WORDS = ['Refused', 'High', 'Medium', 'Low', 'Operational', 'Maintenance', 'Unknown'];
const OPTIONS = ['Commerce primary', 'Commerce secondary', 'Payments primary'].map((label) => ({
  value: label,
  label,
  hint: 'schedule',
}));
const ROWS = [
  { id: '41', severity: 'error', title: 'Delivery slots shown in the past', status: 'triage' as const },
  { id: '42', severity: 'critical', title: 'Checkout API returning 5xx', status: 'acknowledged' as const },
  { id: '36', severity: 'info', title: 'Slow admin login', status: 'resolved' as const },
];

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <Section title={title} padded="page">
    <div className="flex flex-wrap items-center gap-3">{children}</div>
  </Section>
);

const Sheet = ({ theme }: { theme: 'light' | 'dark' }) => {
  const [text, setText] = useState('Checkout API returning 5xx');
  const [one, setOne] = useState(OPTIONS[0]?.value ?? '');
  const [many, setMany] = useState<string[]>([one]);
  const [at, setAt] = useState<string | undefined>('2026-11-15T02:13:00Z');
  const [on, setOn] = useState(true);
  const [open, setOpen] = useState(false);
  const [tab, setTab] = useState('timeline');
  const [seg, setSeg] = useState<'note' | 'decision'>('note');
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set(['42']));
  const [source, setSource] = useState('Grafana');
  const [later] = useState(() => now() + 108_000);
  return (
    <div data-theme={theme} className="min-w-0 bg-surface text-fg">
      <PageHead
        title={theme === 'light' ? 'Light' : 'Dark'}
        fact="Every component, from src/web/ui"
        before={<Badge state="critical">Critical</Badge>}
      >
        <Button>Second</Button>
        <Button look="main" shortcut="A">
          Acknowledge
        </Button>
      </PageHead>
      <Strip action={<Link to="/">Try now</Link>}>Last heard from the server 40 s ago. What you see may be old.</Strip>
      <Strip state="critical">Could not save the policy: step 3 names a person who left.</Strip>
      <FactsRow
        facts={[
          { label: 'Open for', value: <Lasted from={later - 1_600_000} /> },
          { label: 'Next', value: <Countdown to={later} done="now" />, note: 'until Ines is paged' },
          { label: 'Alerts', value: '7', note: '5 open' },
        ]}
      />
      <Part title="Buttons">
        <Button look="main">Main</Button>
        <Button>Plain</Button>
        <Button look="quiet">Quiet</Button>
        <Button look="danger">Delete</Button>
        <Button look="danger-main">Delete schedule</Button>
        <Button disabled title="Nothing to save yet">
          Disabled
        </Button>
        <Button busy>Saving</Button>
        <Button size="sm" icon={<Plus size={12} aria-hidden="true" />}>
          Small
        </Button>
        <Button size="lg">Large</Button>
        <IconButton label="More">
          <Ellipsis size={16} aria-hidden="true" />
        </IconButton>
        <Tip text="A tooltip">
          <button type="button">With a tooltip</button>
        </Tip>
        <Link to="/">A link</Link>
        <OutLink href="https://example.com">Another site</OutLink>
        <KeyHint keys={['J', 'K']}>move</KeyHint>
      </Part>
      <Part title="Severity, state, status">
        {['critical', 'error', 'warning', 'info'].map((severity) => (
          <Severity key={severity} severity={severity} />
        ))}
        <Severity severity="critical" over />
        {STATES.map((state, index) => (
          <Badge key={state} state={state}>
            {WORDS[index]}
          </Badge>
        ))}
        <Badge>Draft</Badge>
        {STATES.map((state, index) => (
          <Mark key={state} state={state}>
            {WORDS[index]}
          </Mark>
        ))}
        <MarkIcon state="ok" size={18} />
        {(['triage', 'acknowledged', 'resolved', 'closed'] as const).map((status) => (
          <Status key={status} status={status} />
        ))}
      </Part>
      <Section title="Fields" padded="page">
        <div className="grid gap-3 desk:grid-cols-2">
          <TextField label="Title" value={text} onChange={(event) => setText(event.target.value)} hint="What customers notice" />
          <TextField label="Phone" defaultValue="+31 6 1234" error="Too short. A mobile number has 9 digits after +31." />
          <Select label="Schedule" value={one} onChange={setOne} options={OPTIONS} hint="Who is asked first" />
          <Combobox label="Also page" value={many} onChange={setMany} options={OPTIONS} placeholder="Name" />
          <DateTimeField label="From" value={at} onChange={setAt} />
          <TextArea label="Note" />
          <Checkbox checked={on} onChange={setOn}>
            Checked
          </Checkbox>
          <Switch checked={on} onChange={setOn}>
            On
          </Switch>
          <Segmented
            label="Kind"
            value={seg}
            onChange={setSeg}
            options={[
              { value: 'note', label: 'Note' },
              { value: 'decision', label: 'Decision' },
            ]}
          />
          <p>
            If nobody answers within{' '}
            <SentenceControl title="Minutes" editor={<TextField label="Minutes" defaultValue="5" />} changed was="10 min">
              5 min
            </SentenceControl>
            , page{' '}
            <SentenceControl title="Whom" editor="…">
              Commerce secondary
            </SentenceControl>
            .
          </p>
        </div>
      </Section>
      <Part title="What floats">
        <Menu
          trigger={<button type="button">Menu</button>}
          entries={[
            { label: 'Snooze', onSelect: () => undefined, shortcut: 'Z' },
            'line',
            { label: 'Delete', danger: true, onSelect: () => undefined },
          ]}
        />
        <Popover title="More" trigger={<button type="button">Popover</button>}>
          A popover holds a small form or a list.
        </Popover>
        <Button onClick={() => setOpen(true)}>Dialog</Button>
        <Button onClick={() => toast('Resolved INC-2026-0042', () => undefined)}>Toast</Button>
        <Dialog
          open={open}
          onClose={() => setOpen(false)}
          title="Resolve INC-2026-0042?"
          actions={
            <Button look="main" onClick={() => setOpen(false)}>
              Resolve
            </Button>
          }
        >
          Paging stops for everyone.
        </Dialog>
      </Part>
      <Part title="People and times">
        <Person name="Mira" note="Commerce primary" />
        <Person name="Tomás" />
        <Person />
        <Time at={later} />
        <Time at={later - 90_000_000} age />
        <Muted>muted</Muted>
        <Subtle>subtle</Subtle>
      </Part>
      <Section title="Code" padded="page">
        <Code label={`An example call, ${theme}`}>{'curl -X POST https://allclear.example/api/incidents'}</Code>
      </Section>
      <Tabs
        label="Parts"
        value={tab}
        onChange={setTab}
        tabs={[
          {
            value: 'timeline',
            label: 'Timeline',
            count: 23,
            panel: <Empty title="No notes yet">A note is seen by all responders.</Empty>,
          },
          { value: 'pages', label: 'Pages', panel: <SkeletonRows rows={3} /> },
        ]}
      />
      <Filters names={['q', 'severity']}>
        <FilterText label="Filter by text" />
        <FilterChip name="severity" label="Severity" options={[{ value: 'critical', label: 'Critical' }]} />
      </Filters>
      <div className="flex h-60 flex-col">
        <List
          label="Incidents"
          rows={ROWS}
          idOf={(row) => row.id}
          nameOf={(row) => row.title}
          isOver={(row) => row.status === 'resolved'}
          selected={selected}
          onSelect={setSelected}
          columns={[
            {
              key: 'severity',
              head: 'Severity',
              cell: (row) => <Severity severity={row.severity} over={row.status === 'resolved'} />,
            },
            { key: 'title', head: 'Title', grow: true, sort: 'title', cell: (row) => row.title },
            { key: 'status', head: 'Status', cell: (row) => <Status status={row.status} /> },
          ]}
        />
      </div>
      <Section title="Details" padded="page">
        <Details
          items={[
            { label: 'Service', value: 'checkout-api' },
            { label: 'Owner', value: <Person name="Mira" /> },
          ]}
        />
        <Rows label="Alerts">
          <Row>5xx ratio 7.1%</Row>
          <Row>Pool wait p95 2.4 s</Row>
        </Rows>
      </Section>
      <Section title="Steps and choices" padded="page">
        <Progress done={1} of={4} label="1 of 4 done" />
        <Steps label={`Steps, ${theme}`}>
          <Step id={`${theme}-1`} title="Send mail" state="done" text="The last test was taken." open={false} />
          <Step
            id={`${theme}-2`}
            title="Check the address"
            state="failed"
            text="Messages link elsewhere."
            warning="In the clear."
            open={false}
          />
          <Step id={`${theme}-3`} title="Connect an alert source" state="waiting" text="Listening." open>
            <Choices
              label="Source"
              name={`${theme}-source`}
              value={source}
              onChange={setSource}
              options={['Alertmanager', 'Grafana', 'Any tool'].map((value) => ({ value, label: value }))}
            />
          </Step>
          <Step id={`${theme}-4`} title="Page yourself" state="later" text="Goes the way of a real page." open={false} />
        </Steps>
      </Section>
    </div>
  );
};

const root = createRootRoute({
  component: () => (
    <main className="grid desk:grid-cols-2">
      <Sheet theme="light" />
      <Sheet theme="dark" />
    </main>
  ),
  notFoundComponent: () => null,
});
const router = createRouter({ routeTree: root, parseSearch, stringifySearch, basepath: '/ui.html' });

createRoot(document.getElementById('root') as HTMLElement).render(
  <QueryClientProvider client={queryClient}>
    <Tooltip.Provider>
      <RouterProvider router={router} />
      <Toasts />
    </Tooltip.Provider>
  </QueryClientProvider>,
);
