import type { Waiver } from './waiver.ts';

/** What a waiver is about and whose it is, for people: `mfa-excluded on profiles (owner: storage team)`. */
export function waiverText({ scope, owner }: Pick<Waiver, 'scope' | 'owner'>): string {
  return `${scopeText(scope)} (owner: ${owner.kind === 'team' ? owner.name : owner.id})`;
}

export function scopeText(scope: Waiver['scope']): string {
  const rule = scope.rule ?? 'every rule';
  switch (scope.kind) {
    case 'finding':
      return `${rule} on ${nameOf(scope.key)}`;
    case 'account':
      return `${rule} on ${nameOf(scope.accountKey)}`;
    case 'tag':
      return `${rule} where tag ${scope.name} is ${scope.value}`;
    case 'subscription':
      return `${rule} in subscription ${scope.subscriptionId}`;
    case 'rule':
      return `${rule} everywhere`;
  }
}

/** The last part of an id: an account's name, or the subject of a finding about the tenant. */
function nameOf(key: string): string {
  return key.split('/').at(-1) ?? key;
}
