import { isWireObject } from './azure/wire-object.ts';

export interface FoldedNames {
  readonly value: unknown;
  /** Some name began with a capital. */
  readonly folded: boolean;
  /** One sentence per problem, each beginning with its place. */
  readonly problems: readonly string[];
}

/** What PowerShell leaves of an object that lies deeper than `ConvertTo-Json -Depth` goes. */
const leftover = /^(?:@\{.*\}|System\.[\w.[\]]+|Microsoft\.Graph\.[\w.]+)$/su;

/**
 * A value with the names of its members as Microsoft Graph spells them: PowerShell's objects (`ConvertTo-Json` of what
 * Microsoft.Graph returns) have capitals first, and keep members that their module does not know under
 * `AdditionalProperties`. A name that stands there in two spellings, and an object that PowerShell cut off, are problems.
 */
export function foldMemberNames(value: unknown): FoldedNames {
  const found: Found = { folded: false, problems: [] };
  return { value: fold(value, '', found), ...found };
}

interface Found {
  folded: boolean;
  problems: string[];
}

function fold(value: unknown, place: string, found: Found): unknown {
  if (typeof value === 'string' && !isProse(place) && leftover.test(value)) {
    const glimpse = value.length > 40 ? `${value.slice(0, 40)}…` : value;
    found.problems.push(
      `${place}: is ‹${glimpse}›, which PowerShell leaves of what lies too deep; export it again with ConvertTo-Json -Depth 10`,
    );
  }
  if (Array.isArray(value)) {
    return (value as readonly unknown[]).map((item, index) => fold(item, `${place}[${String(index)}]`, found));
  }
  if (!isWireObject(value)) return value;
  const members = new Map<string, unknown>();
  const set = (name: string, member: unknown, mayBeThere: (there: unknown) => boolean): void => {
    const spelled = lowerFirst(name);
    if (spelled !== name) found.folded = true;
    const at = place === '' ? spelled : `${place}.${spelled}`;
    if (members.has(spelled) && !mayBeThere(members.get(spelled))) {
      found.problems.push(`${at}: stands there twice, in two spellings; take one of the two out`);
    }
    members.set(spelled, fold(member, at, found));
  };
  const entries = Object.entries(value);
  for (const [name, member] of entries) if (!isBag(name, member)) set(name, member, () => false);
  for (const [name, bag] of entries) {
    if (!isBag(name, bag)) continue;
    for (const [inside, member] of Object.entries(bag)) set(inside, member, (there) => there === null);
  }
  return Object.fromEntries(members);
}

function isBag(name: string, member: unknown): member is object {
  return name === 'AdditionalProperties' && isWireObject(member);
}

/** What people write may look like anything. */
function isProse(place: string): boolean {
  return /(?:^|\.)(?:displayName|description)$/u.test(place);
}

/** Names of annotations (`@odata.type`) begin with no letter and stay. */
function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
