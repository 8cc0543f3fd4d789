import createClient from 'openapi-fetch';
import type { paths } from './schema.d.ts';
import { patientFetch } from './waiting.ts';

/** What the server refused, and why: RFC 9457 with our request id. Status 0 means that it was not reached. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly field: string | undefined;
  readonly requestId: string | undefined;
  /** Of a 412: who changed it meanwhile and when, where that is known. */
  readonly changed: { by: string; at: string } | undefined;
  /** Of status 0: it was sent, and what became of it is not known. */
  readonly unanswered: boolean;
  constructor(
    status: number,
    detail: string,
    field?: string,
    requestId?: string,
    changed?: { by: string; at: string },
    unanswered = false,
  ) {
    super(detail);
    this.status = status;
    this.field = field;
    this.requestId = requestId;
    this.changed = changed;
    this.unanswered = unanswered;
  }
}

/** Where someone who is not signed in is sent; set by the router. */
let signIn: () => void = () => undefined;
export const onSignedOut = (go: () => void): void => {
  signIn = go;
};

const problemIn = async (response: Response): Promise<ApiProblem> => {
  const requestId = response.headers.get('x-request-id') ?? undefined;
  const body: unknown = await response.json().catch(() => undefined);
  const told = (body ?? {}) as { detail?: string; title?: string; field?: string; request_id?: string } & {
    changed_by?: string;
    changed_at?: string;
  };
  return new ApiProblem(
    response.status,
    told.detail ?? told.title ?? `The server answered ${response.status}`,
    told.field,
    told.request_id ?? requestId,
    told.changed_by && told.changed_at ? { by: told.changed_by, at: told.changed_at } : undefined,
  );
};

/**
 * The API as its own OpenAPI document types it. A refusal throws `ApiProblem`, so an answer always has data.
 * `await ok(api.GET('/api/incidents/{id}', { params: { path: { id } } }))`
 */
export const api = createClient<paths>({
  baseUrl: '/',
  credentials: 'same-origin',
  headers: { 'x-allclear-client': 'console' },
  fetch: patientFetch,
});
api.use({
  async onResponse({ response, schemaPath }) {
    if (response.ok) return;
    const problem = await problemIn(response);
    if (response.status === 401 && !schemaPath.startsWith('/api/auth')) signIn();
    throw problem;
  },
  onError({ error }) {
    if (error instanceof ApiProblem) return error;
    const unanswered = error instanceof DOMException && error.name === 'TimeoutError';
    return new ApiProblem(0, error instanceof Error ? error.message : String(error), undefined, undefined, undefined, unanswered);
  },
});

export const ok = async <T>(answer: Promise<{ data?: T }>): Promise<T> => (await answer).data as T;

/** An answer with its tag: what a later change says it was made from. */
export const okWithTag = async <T>(
  answer: Promise<{ data?: T; response: Response }>,
): Promise<{ data: T; tag: string | undefined }> => {
  const { data, response } = await answer;
  return { data: data as T, tag: response.headers.get('etag') ?? undefined };
};
/** `api.PUT(…, { …, headers: ifMatch(tag) })`: refused with 412 if somebody else changed the thing meanwhile. */
export const ifMatch = (tag: string | undefined): Record<string, string> => (tag ? { 'if-match': tag } : {});

/** Reads are tried again when the server is away or busy; what it refused stays refused. Writes are never repeated. */
export const retryRead = (failures: number, error: unknown): boolean =>
  failures < 3 && (!(error instanceof ApiProblem) || error.status === 0 || error.status === 429 || error.status >= 502);
