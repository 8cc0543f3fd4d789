import { html, raw } from 'hono/html';
import { TOKENS_CSS } from './tokens-css.ts';

type Schema = {
  type?: string | string[];
  properties?: Record<string, Schema>;
  required?: string[];
  description?: string;
  enum?: unknown[];
  default?: unknown;
  items?: Schema;
  anyOf?: Schema[];
  $ref?: string;
};
type Operation = {
  summary?: string;
  tags?: string[];
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema?: Schema }[];
  requestBody?: { content?: Record<string, { schema?: Schema }> };
  responses?: Record<string, { content?: Record<string, { schema?: Schema }> }>;
};
type Document = {
  info: { title: string; version: string; description?: string };
  paths?: Record<string, Record<string, Operation>>;
};

const CSS = `${TOKENS_CSS}
*{box-sizing:border-box}body{margin:0;background:var(--canvas);color:var(--fg);font:400 14px/1.5 Geist,ui-sans-serif,system-ui,sans-serif}
main{max-width:960px;margin:0 auto;padding:24px 16px;background:var(--surface);min-height:100vh}
h1{font-size:20px;font-weight:600;margin:0 0 4px}h2{font-size:16px;font-weight:600;margin:32px 0 8px}p{margin:0 0 12px;color:var(--fg-muted)}a{color:var(--accent-fg)}
nav{display:flex;flex-wrap:wrap;gap:4px 16px;padding:8px 0 16px;border-bottom:1px solid var(--line)}
details{border-top:1px solid var(--line)}summary{display:grid;grid-template-columns:64px minmax(0,26rem) 1fr;gap:12px;padding:8px 4px;cursor:pointer;align-items:baseline}
summary:focus-visible,a:focus-visible{outline:2px solid var(--focus);outline-offset:1px}
code{font:13px/1.5 'Geist Mono',ui-monospace,monospace;overflow-wrap:anywhere}.method{font-weight:600;text-transform:uppercase;font-size:12px}.what{color:var(--fg-muted)}
table{width:100%;border-collapse:collapse;margin:0 0 12px}td,th{text-align:left;vertical-align:top;padding:4px 8px 4px 0;border-top:1px solid var(--line);font-weight:400}
th[scope=col]{border:0;color:var(--fg-subtle);font-size:12px}td:last-child{color:var(--fg-muted)}.inner{padding:4px 4px 16px 80px}
@media(max-width:720px){summary{grid-template-columns:56px 1fr}.what{grid-column:2}.inner{padding-left:4px}}`;

const typeOf = (schema: Schema | undefined): string => {
  if (!schema) return 'anything';
  if (schema.enum) return schema.enum.map(String).join(' | ');
  if (schema.$ref) return schema.$ref.split('/').at(-1) ?? 'object';
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.type === 'array') return `list of ${typeOf(schema.items)}`;
  return [schema.type ?? 'anything'].flat().join(' or ');
};
const rows = (properties: [string, Schema, boolean][]) =>
  properties.length === 0
    ? ''
    : html`<table><thead><tr><th scope="col">Field</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead><tbody>${properties.map(
        ([name, schema, required]) =>
          html`<tr><td><code>${name}</code>${required ? ' (needed)' : ''}</td><td>${typeOf(schema)}${schema.default === undefined ? '' : html`, default <code>${JSON.stringify(schema.default)}</code>`}</td><td>${schema.description ?? ''}</td></tr>`,
      )}</tbody></table>`;
const fields = (schema: Schema | undefined): [string, Schema, boolean][] =>
  Object.entries(schema?.properties ?? {}).map(([name, one]) => [name, one, schema?.required?.includes(name) ?? false]);

/** The API as a page to read, made from its own OpenAPI document. Works without scripts. */
export const apiPage = async (document: Document): Promise<string> => {
  const groups = new Map<string, { method: string; path: string; operation: Operation }[]>();
  for (const [path, methods] of Object.entries(document.paths ?? {}))
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags?.[0] ?? 'Other';
      groups.set(tag, [...(groups.get(tag) ?? []), { method, path, operation }]);
    }
  const anchor = (tag: string) => tag.toLowerCase().replace(/\W+/g, '-');
  const one = ({ method, path, operation }: { method: string; path: string; operation: Operation }) => {
    const body = operation.requestBody?.content?.['application/json']?.schema;
    const answer = Object.entries(operation.responses ?? {}).find(([status]) => status.startsWith('2'));
    const result = answer?.[1].content?.['application/json']?.schema;
    return html`<details><summary><span class="method">${method}</span><code>${path}</code><span class="what">${operation.summary ?? ''}</span></summary><div class="inner">
${operation.parameters?.length ? html`<p>In the address</p>${rows(operation.parameters.map((parameter) => [parameter.name, { ...parameter.schema, description: parameter.description ?? parameter.schema?.description ?? '' }, parameter.required === true]))}` : ''}
${body ? html`<p>Body, JSON</p>${rows(fields(body))}` : ''}
<p>Answers ${answer?.[0] ?? '204'}${result ? ' with' : ', no body'}</p>${rows(fields(result))}</div></details>`;
  };
  return String(
    await html`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>${document.info.title} API</title><style>${raw(CSS)}</style></head><body><main>
<h1>${document.info.title} API</h1><p>${document.info.description ?? ''} Send <code>Authorization: Bearer &lt;token&gt;</code>. For programs: <a href="/api/openapi.json">openapi.json</a>.</p>
<nav aria-label="Sections">${[...groups.keys()].map((tag) => html`<a href="#${anchor(tag)}">${tag}</a>`)}</nav>
${[...groups].map(([tag, operations]) => html`<section><h2 id="${anchor(tag)}">${tag}</h2>${operations.map(one)}</section>`)}
</main></body></html>`,
  );
};
