import type { ConditionalAccessPolicy, GrantControls, PolicyUsers } from '../model/conditional-access-policy.ts';
import { isId } from './wire-words.ts';

/** As many ids as a sentence names. */
const namedAtMost = 5;

/** Which users a policy is for, in words; ids, never names. */
export function userWords(users: PolicyUsers): string {
  const included = selected(users.includeUsers, users.includeGroups, users.includeRoles, users.includesGuests);
  const excluded = selected(users.excludeUsers, users.excludeGroups, users.excludeRoles, users.excludesGuests);
  const who = included.length === 0 ? 'users that are not known here' : included.join(', ');
  return excluded.length === 0 ? who : `${who}; but for ${excluded.join(', ')}`;
}

/** Which resources a policy is for, in words, without those that it excludes. */
export function resourceWords({
  include,
  filter,
  userActions,
  authenticationContexts,
}: ConditionalAccessPolicy['applications']): string {
  const lower = include.map((entry) => entry.toLowerCase());
  const words = include.filter((entry) => !isId(entry) && !['all', 'none'].includes(entry.toLowerCase()));
  const parts = [
    ...(lower.includes('all') ? ['all resources'] : []),
    ...words,
    ...counted(include.filter(isId), 'app', 'apps'),
    ...(filter === null ? [] : [`what an application filter picks (${filter.mode})`]),
    ...(userActions.length === 0 ? [] : ['user actions']),
    ...(authenticationContexts.length === 0 ? [] : ['authentication contexts']),
  ];
  return parts.length === 0 ? 'no resource' : parts.join(', ');
}

/** What a policy demands of those it is for, in words. */
export function demandWords(controls: GrantControls | null): string {
  if (controls === null) return 'nothing before access is granted';
  const parts = [
    ...controls.builtInControls.map(controlWords),
    ...(controls.authenticationStrength === null
      ? []
      : [
          `authentication strength ${controls.authenticationStrength.displayName ?? controls.authenticationStrength.id ?? 'of no name'}`,
        ]),
    ...controls.customAuthenticationFactors.map(() => 'a custom control'),
    ...counted(controls.termsOfUse, 'terms of use', 'terms of use'),
  ];
  if (parts.length === 0) return 'nothing before access is granted';
  if (parts.length === 1) return parts.join('');
  return parts.join(controls.operator?.toUpperCase() === 'AND' ? ' and ' : ' or ');
}

const knownControls: Readonly<Record<string, string>> = {
  mfa: 'multifactor authentication',
  block: 'nothing: it blocks access',
  compliantdevice: 'a compliant device',
  domainjoineddevice: 'a hybrid joined device',
  approvedapplication: 'an approved client app',
  compliantapplication: 'an app protection policy',
  passwordchange: 'a change of password',
};

function controlWords(control: string): string {
  return knownControls[control.toLowerCase()] ?? control;
}

function selected(
  users: readonly string[],
  groups: readonly string[],
  roles: readonly string[],
  guests: boolean,
): readonly string[] {
  const lower = users.map((entry) => entry.toLowerCase());
  const strange = users.filter(
    (entry) => !isId(entry) && !['all', 'none', 'guestsorexternalusers'].includes(entry.toLowerCase()),
  );
  return [
    ...(lower.includes('all') ? ['all users'] : []),
    ...(lower.includes('none') ? ['no users'] : []),
    ...(guests || lower.includes('guestsorexternalusers') ? ['guests and external users'] : []),
    ...counted(users.filter(isId), 'user', 'users'),
    ...counted(groups, 'group', 'groups'),
    ...counted(roles, 'directory role', 'directory roles'),
    ...strange,
  ];
}

function counted(ids: readonly string[], one: string, many: string): readonly string[] {
  if (ids.length === 0) return [];
  const more = ids.length - namedAtMost;
  const named = `${ids.slice(0, namedAtMost).join(', ')}${more > 0 ? ` and ${String(more)} more` : ''}`;
  return [`${String(ids.length)} ${ids.length === 1 ? one : many} (${named})`];
}
