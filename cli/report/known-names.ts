import type { Finding } from '../../domain/findings/finding.ts';

/** Display names of policies and apps by their ids, lower case. */
export type KnownNames = ReadonlyMap<string, string>;

const idMembers = ['id', 'appId', 'servicePrincipalId', 'policyId'] as const;
const nameMembers = ['displayName', 'name', 'policyName'] as const;
const guid = /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/giu;
const shortId = 8;

/** The names that evidence of findings gives to the ids beside them. */
export function namesIn(findings: readonly Pick<Finding, 'evidence'>[]): KnownNames {
  const names = new Map<string, string>();
  for (const { evidence } of findings) collect(evidence, names);
  return names;
}

/** Each id whose name is known as the name and the beginning of the id; any other in full, so that it can be looked up. */
export function withNames(text: string, names: KnownNames): string {
  return text.replaceAll(guid, (id) => {
    const name = names.get(id.toLowerCase());
    return name === undefined ? id : `‹${name}› (${id.slice(0, shortId)})`;
  });
}

function collect(value: unknown, names: Map<string, string>): void {
  if (typeof value !== 'object' || value === null) return;
  const members = new Map<string, unknown>(Object.entries(value));
  const name = nameMembers.map((member) => members.get(member)).find((each) => typeof each === 'string' && each !== '');
  for (const member of typeof name === 'string' ? idMembers : []) {
    const id = members.get(member);
    if (typeof id === 'string') names.set(id.toLowerCase(), String(name));
  }
  for (const each of members.values()) collect(each, names);
}
