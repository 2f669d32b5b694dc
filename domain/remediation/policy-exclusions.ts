import { isMicrosoftManaged } from '../conditional-access/microsoft-managed.ts';
import { lowered } from '../conditional-access/wire-words.ts';
import type { ConditionalAccessPolicy, PolicyAsRead } from '../model/conditional-access-policy.ts';
import type { Json } from '../model/verdict.ts';
import type { Directory } from '../rules/directory.ts';
import type { RemediationPlan } from './plan.ts';
import { manual, none, type Refusal } from './planned.ts';
import { objectPath, selecting } from './plan-url.ts';
import { type HandEdit, policyByHand } from './runbooks/policy-by-hand.ts';

/** A policy whose list of excluded apps a plan may replace. */
export interface WritablePolicy {
  readonly kind: 'writable';
  readonly policy: ConditionalAccessPolicy;
  readonly id: string;
  readonly asRead: PolicyAsRead;
  /** The excluded apps as spelled and ordered by the service. */
  readonly exclude: readonly string[];
}

/** The members of the section that are sent along; the service may recompute what a PATCH leaves out (domain facts 5). */
export const sectionLists = [
  'includeApplications',
  'excludeApplications',
  'includeUserActions',
  'includeAuthenticationContextClassReferences',
] as const;

/**
 * The policy of that id, where all was read, it is not Microsoft's own, and nothing in what picks its apps is unknown or
 * decided by a filter. `byHand`: what a person is to change where this may not.
 */
export function writablePolicy(policyId: string, directory: Directory, byHand: HandEdit): WritablePolicy | Refusal {
  const { conditionalAccessPolicies, applications, servicePrincipals, tenantId } = directory.facts;
  if (conditionalAccessPolicies.state !== 'known') return none('Conditional Access policies were not read whole');
  if (applications.state !== 'known' || servicePrincipals.state !== 'known') return none('Apps were not read whole');
  const key = policyId.toLowerCase();
  const [policy, other] = directory.policies.filter(({ id }) => id?.toLowerCase() === key);
  if (policy === undefined || other !== undefined) return none('The policy was not seen, or more than once');
  const reason = forGood(policy);
  if (reason !== null) return manual(policyByHand(policy, reason, byHand, tenantId));
  if (policy.state.toLowerCase() === 'disabled') return none('The policy is disabled');
  const { asRead } = policy;
  if (asRead === undefined) return none('The policy was read without what a write to it rests on; read it again');
  const exclude = listOf(asRead.applications['excludeApplications']);
  if (exclude === null || sectionLists.some((name) => listOf(asRead.applications[name]) === null)) {
    return none('What picks the apps of the policy is no list, as it was documented');
  }
  return { kind: 'writable', policy, id: key, asRead, exclude };
}

/** Why no plan ever writes to such a policy; null where one may. */
function forGood(policy: ConditionalAccessPolicy): string | null {
  if (isMicrosoftManaged(policy)) return 'Microsoft manages the policy, and allows few changes to it';
  const { filter, selectsNetworkAccess } = policy.applications;
  if (filter !== null) return 'An application filter decides which apps the policy is for';
  if (selectsNetworkAccess || policy.unreadConditions.length > 0) {
    return 'The policy holds conditions that are not known here';
  }
  return null;
}

/** The plan that puts `exclude` in the place of the excluded apps, and leaves everything else as it is. */
export function planExclusions(
  { policy, id, asRead, exclude: old }: WritablePolicy,
  exclude: readonly string[],
  kind: Pick<RemediationPlan, 'action' | 'risk'>,
): RemediationPlan {
  const url = objectPath('identity/conditionalAccess/policies', id);
  const section = sectionOf(asRead);
  const changed = { ...section, excludeApplications: exclude };
  const same = {
    '/displayName': policy.displayName,
    '/state': policy.state,
    '/conditions/applications/applicationFilter': null,
  };
  return {
    ...kind,
    target: { type: 'conditionalAccessPolicy', id, name: policy.displayName },
    calls: [
      {
        method: 'PATCH',
        url,
        body: { conditions: { applications: changed } },
        permission: 'Policy.ReadWrite.ConditionalAccess',
        reads: {
          url: selecting(url, 'id', 'displayName', 'state', 'modifiedDateTime', 'conditions'),
          // There is no ETag: the time of the last edit stands for all that is not listed.
          expect: { ...same, '/modifiedDateTime': asRead.modifiedDateTime, ...pointersOf(listsAsRead(asRead)) },
          afterwards: { ...same, ...pointersOf(changed) },
        },
        undo: { method: 'PATCH', url, body: { conditions: { applications: section } } },
        before: { excludeApplications: old },
        after: { excludeApplications: exclude },
      },
    ],
  };
}

/** Whether the policy excludes the app, which compares without case. */
export function excludes({ exclude }: WritablePolicy, appId: string): boolean {
  return lowered(exclude).has(appId.toLowerCase());
}

function sectionOf({ applications }: PolicyAsRead): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    sectionLists.flatMap((name) => {
      const value = applications[name];
      const list = listOf(value);
      // Lists that the answer left out stay out, but for the one that is written.
      return list === null || ((value ?? null) === null && name !== 'excludeApplications') ? [] : [[name, list]];
    }),
  );
}

/** Lists that the answer left out, or that are null there, are null to a pointer. */
function listsAsRead({ applications }: PolicyAsRead): Readonly<Record<string, Json>> {
  return Object.fromEntries(sectionLists.map((name) => [name, applications[name] ?? null]));
}

function pointersOf(section: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
  return Object.fromEntries(Object.entries(section).map(([name, list]) => [`/conditions/applications/${name}`, list]));
}

/** A list of texts; absent and null are empty. null for anything else. */
function listOf(value: Json | undefined): readonly string[] | null {
  if (value === undefined || value === null) return [];
  return isTexts(value) ? value : null;
}

function isTexts(value: Json): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}
