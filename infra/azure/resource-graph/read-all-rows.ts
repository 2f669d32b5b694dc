import type { AuthorizationScopeFilter, QueryRequest, ResourceGraphClient } from '@azure/arm-resourcegraph';
import { type Failure, failureOfAnswer, MalformedAnswer, type Reading } from '../failure.ts';
import type { WireObject } from '../../estate-source.ts';
import { idOf, isWireObject } from '../wire-object.ts';
import type { QuotaGate } from './quota-gate.ts';

const pageSize = 1000;
const truncated: Failure = { reason: 'truncated', needs: null };

/** What a query is asked of. `subscriptions` null: all that the caller sees. */
export interface RowsRequest {
  readonly query: string;
  readonly subscriptions: readonly string[] | null;
  readonly needs: string;
  /** For `authorizationresources`; absent: `AtScopeAndBelow`, which leaves out what is inherited. */
  readonly scopeFilter?: AuthorizationScopeFilter | undefined;
}

export interface RowsReader {
  readonly client: ResourceGraphClient;
  readonly gate: QuotaGate;
  readonly signal?: AbortSignal | undefined;
  /** Called for each page that came. */
  readonly onPage?: (() => void) | undefined;
}

/**
 * All rows of a query, page by page, one per lower-cased id (rows repeat where the estate changes while we read).
 * The service's silent losses come out as failure `truncated`: `resultTruncated` without a token, fewer rows than
 * `totalRecords`, the subscription limit (domain facts 1.6).
 *
 * @throws SignInRefused and AbortError; every other error is the reading's failure, with the rows read so far.
 */
export async function readAllRows(reader: RowsReader, request: RowsRequest): Promise<Reading> {
  const rows = new Map<string, WireObject>();
  const tokens = new Set<string>();
  let limited = false;
  let token: string | null = null;
  let status: number | null = null;
  try {
    for (;;) {
      status = null;
      const page = await readPage(reader, request, token, (answered) => (status = answered));
      limited ||= page.limited;
      for (const row of page.rows) {
        const id = isWireObject(row) ? idOf(row) : null;
        if (!isWireObject(row) || id === null) throw new MalformedAnswer('Resource Graph sent a row without an id.');
        rows.set(id.toLowerCase(), row);
      }
      if (page.token === null) {
        const lost = limited || page.cutOff || rows.size < page.totalRecords;
        return { items: [...rows.values()], failure: lost ? truncated : null };
      }
      if (tokens.has(page.token)) throw new MalformedAnswer('Resource Graph sent the same $skipToken twice.');
      tokens.add(page.token);
      token = page.token;
    }
  } catch (error) {
    return { items: [...rows.values()], failure: failureOfAnswer(error, status, request.needs) };
  }
}

interface Page {
  readonly rows: readonly unknown[];
  readonly token: string | null;
  readonly totalRecords: number;
  readonly cutOff: boolean;
  readonly limited: boolean;
}

/**
 * Whether the query has any row at all; one request.
 *
 * @throws RestError, MalformedAnswer, SignInRefused, AbortError
 */
export async function hasRows(reader: RowsReader, request: RowsRequest): Promise<boolean> {
  const page = await readPage(reader, request, null, () => undefined, 1);
  return page.totalRecords > 0;
}

async function readPage(
  reader: RowsReader,
  request: RowsRequest,
  token: string | null,
  answered: (status: number) => void,
  top = pageSize,
): Promise<Page> {
  const { client, gate, signal, onPage } = reader;
  await gate.ready();
  let limited = false;
  const query: QueryRequest = {
    query: request.query,
    options: {
      top,
      resultFormat: 'objectArray',
      ...(token === null ? {} : { skipToken: token }),
      ...(request.scopeFilter === undefined ? {} : { authorizationScopeFilter: request.scopeFilter }),
    },
    ...(request.subscriptions === null ? {} : { subscriptions: [...request.subscriptions] }),
  };
  const answer = await client.resources(query, {
    ...(signal === undefined ? {} : { abortSignal: signal }),
    onResponse: ({ headers, status }) => {
      answered(status);
      gate.note((name) => headers.get(name));
      limited = headers.get('x-ms-tenant-subscription-limit-hit')?.toLowerCase() === 'true';
    },
  });
  const rows: unknown = answer.data;
  if (!Array.isArray(rows)) throw new MalformedAnswer('Resource Graph sent a page without rows.');
  onPage?.();
  const next = answer.skipToken ?? '';
  return {
    rows,
    token: next === '' ? null : next,
    totalRecords: answer.totalRecords,
    cutOff: answer.resultTruncated === 'true' && next === '',
    limited,
  };
}
