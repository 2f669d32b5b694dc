import type { DirectoryChange, DirectoryDeltas, WatchedPolicy } from '../domain/audit/watch-ports.ts';
import type { ConditionalAccessPolicy } from '../domain/model/conditional-access-policy.ts';
import { gap } from './azure/failure.ts';
import { graphLists } from './azure/graph/collections.ts';
import { deltaPaths } from './azure/graph/delta-lists.ts';
import type { GraphChannel } from './azure/graph/graph-channel.ts';
import { readAllPages } from './azure/graph/read-all-pages.ts';
import { readDelta } from './azure/graph/read-delta.ts';
import { canonicalJson } from '../domain/model/canonical-json.ts';
import { sha256 } from './digest.ts';
import type { WireObject } from './estate-source.ts';
import { parseConditionalAccessPolicy } from './wire/conditional-access-policy.ts';
import { parseDirectoryChange } from './wire/directory-change.ts';
import { parseEventTime } from './wire/event-time.ts';
import { WireMalformed } from './wire/wire-malformed.ts';

/** How a storage app's names begin, lower case. */
const serviceName = /^(?:api:\/\/[^/]+\/)?(?:cifs|host|http)\/|^\[storage account\] /;

/** The directory's changes from Microsoft Graph. */
export function createDirectoryDeltas(graph: GraphChannel, tenantId: string): DirectoryDeltas {
  return {
    tenantId,
    async changes(list, position, mayStartOver = true) {
      let changes: DirectoryChange[] = [];
      let claimsOnly = false;
      const answer = await readDelta(graph, deltaPaths[list], position, {
        mayStartOver,
        onStart: (whole) => {
          changes = [];
          claimsOnly = whole;
        },
        onItem: (item) => {
          const change = changeIn(item);
          // All of a tenant's apps are no news; those count that may claim an account nobody has linked yet.
          if (!claimsOnly || change.names.some((name) => serviceName.test(name))) changes.push(change);
        },
      });
      return answer.state === 'failed'
        ? { state: 'unreadable', gap: gap(list, 'tenant', answer.failure) }
        : { state: 'read', changes, position: answer.link, whole: answer.whole };
    },
    async policies() {
      const list = 'conditional-access-policies';
      const { items, failure } = await readAllPages(graph, graphLists[list]);
      // Half a list would show policies as removed.
      return failure === null
        ? { state: 'read', policies: items.map(watchedPolicy) }
        : { state: 'unreadable', gap: gap(list, 'tenant', failure) };
    },
  };
}

/** An item in an odd shape has changed all the same: its id is enough for those that rest on it. */
function changeIn(item: WireObject): DirectoryChange {
  try {
    return parseDirectoryChange(item);
  } catch (error) {
    if (!(error instanceof WireMalformed)) throw error;
    return { id: String(item['id']), removed: false, appId: null, clientId: null, consentType: null, names: [] };
  }
}

/** A policy as it came, with what it says where that can be read. */
export function watchedPolicy(content: WireObject): WatchedPolicy {
  return {
    id: String(content['id']).toLowerCase(),
    hash: sha256(canonicalJson(content)),
    policy: readable(content),
    content,
    modifiedAt: timeIn(content, 'modifiedDateTime') ?? timeIn(content, 'createdDateTime'),
  };
}

function timeIn(content: WireObject, member: 'modifiedDateTime' | 'createdDateTime'): number | null {
  const told = content[member];
  return typeof told === 'string' ? parseEventTime(told) : null;
}

function readable(content: WireObject): ConditionalAccessPolicy | null {
  try {
    return parseConditionalAccessPolicy(content);
  } catch (error) {
    if (error instanceof WireMalformed) return null;
    throw error;
  }
}
