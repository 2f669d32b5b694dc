import { isId } from '../../conditional-access/wire-words.ts';
import type { ConditionalAccessPolicy } from '../../model/conditional-access-policy.ts';
import type { StorageAccount } from '../../model/storage-account.ts';
import { graphCall, look, signIn } from './calls.ts';
import { mount } from './recreate-app.ts';
import { shown } from './shell.ts';
import { aboutSubject, type ManualTask, type RunbookStep } from './task.ts';

/** What a person changes in a policy: apps to exclude, or exclusions of apps that are gone. */
export type HandEdit =
  | { readonly kind: 'exclude'; readonly apps: readonly { readonly account: StorageAccount; readonly appId: string }[] }
  | { readonly kind: 'exclusions'; readonly appIds: readonly string[] };

/** A policy that no plan writes to: the portal keeps what it holds, known here or not. */
export function policyByHand(
  policy: ConditionalAccessPolicy,
  why: string,
  edit: HandEdit,
  tenantId: string,
): ManualTask {
  const id = policy.id ?? '';
  const path = `/v1.0/identity/conditionalAccess/policies/${isId(id) ? id : ''}`;
  const list = policy.applications.exclude.join(', ');
  return {
    runbook: 'policy-by-hand',
    title: `Change the apps that policy ${shown(policy.displayName)} excludes`,
    why,
    about: aboutSubject(id),
    rights:
      'Conditional Access Administrator; for a policy with an application filter Attribute Definition Reader or Attribute Assignment Administrator as well.',
    breaks:
      'Nothing stops meanwhile. An exclusion means that the policy no longer protects these apps: decide first whether another policy, for a compliant device or a trusted place, takes its place.',
    steps: [
      signIn(tenantId, null, ['Policy.Read.All']),
      look(
        'Save the policy.',
        graphCall('GET', path),
        `excludeApplications is ${list === '' ? 'empty' : shown(list)}.`,
      ),
      ...editSteps(policy, edit),
      look(
        'Read the policy again.',
        graphCall('GET', path),
        'Nothing but the excluded apps differs from what was saved.',
      ),
      ...(edit.kind === 'exclude'
        ? edit.apps.slice(0, 1).map(({ account }) => mount(account.host ?? account.name))
        : []),
    ],
  };
}

function editSteps(policy: ConditionalAccessPolicy, edit: HandEdit): readonly RunbookStep[] {
  const portal = `Entra admin center → Conditional Access → Policies → ${shown(policy.displayName)} → Target resources → Exclude`;
  const back = 'Select in the same place what was saved, and save.';
  if (edit.kind === 'exclusions') {
    return [
      {
        does: `${portal}: take off ${edit.appIds.map(shown).join(', ')}, which are not in the tenant.`,
        commands: [],
        check: 'The apps are not listed any more.',
        back,
      },
    ];
  }
  const named = edit.apps.map(({ account, appId }) => `${appId} (account ${shown(account.name)})`);
  return [
    {
      does:
        policy.applications.filter === null
          ? `${portal} → Select resources: the apps with appId ${named.join(', ')}. Where the policy names one of them on purpose, ask its owner; where Microsoft does not let you, duplicate the policy, exclude the apps in the copy and switch the original off.`
          : `Give the apps with appId ${named.join(', ')} the custom security attribute by which the filter ${shown(policy.applications.filter.rule)} leaves them out, or exclude them: ${portal}.`,
      commands: [],
      check: 'An audit of the accounts shows no finding that names the policy.',
      back,
    },
  ];
}
