import { describe, expect, it } from 'vitest';
import { misfitOf } from '../../../domain/remediation/misfit-of.ts';
import type { PlannedCall, RemediationPlan } from '../../../domain/remediation/plan.ts';
import { planUndo } from '../../../domain/remediation/plan-undo.ts';
import { remediate } from '../../../domain/remediation/remediate.ts';
import { guid } from '../build.ts';
import { brokenWorlds } from './broken-worlds.ts';
import { approve, storedJob, wirePorts } from './wire-ports.ts';

/** The call of a plan in another shape. */
function withCall(plan: RemediationPlan, over: (call: PlannedCall) => Partial<PlannedCall>): RemediationPlan {
  return { ...plan, calls: plan.calls.map((call) => ({ ...call, ...over(call) })) };
}

describe.each(brokenWorlds.map((broken) => [broken.action, broken] as const))('Of %s', (_action, broken) => {
  async function plans(): Promise<readonly (readonly ['do' | 'undo', RemediationPlan])[]> {
    const ports = wirePorts(broken);
    const job = await storedJob(broken, ports);
    await approve(job, broken, ports);
    await remediate(job.jobId, broken.settings, ports);
    const found = await ports.records.find(job.jobId);
    const undo = found === null ? null : await planUndo(found.record, broken.settings, ports.facts);
    if (undo?.kind !== 'plan') throw new Error('There is no undo');
    return [
      ['do', job.plan],
      ['undo', undo.plan],
    ];
  }

  it('the plan fits, and that of its undo', async () => {
    for (const [kind, plan] of await plans()) expect(misfitOf(plan, kind), kind).toBeNull();
  });

  it.each<[string, (call: PlannedCall) => Partial<PlannedCall>]>([
    ['another method', ({ method }) => ({ method: method === 'PATCH' ? 'DELETE' : 'PATCH' })],
    [
      'the path of another object',
      ({ url }) => ({ url: url.replace(/[^/?]+(\/fileServices.*|\?.*)?$/u, `${guid(0xbad)}$1`) }),
    ],
    ['a path that climbs', ({ url }) => ({ url: `${url}/../${guid(0xbad)}` })],
    ['an encoded slash', ({ url }) => ({ url: `${url}%2Fowners` })],
    ['a member more in the body', ({ body }) => ({ body: { ...body, state: 'disabled' } })],
    ['reads of another object', ({ reads }) => ({ reads: { ...reads, url: '/v1.0/applications' } })],
    ['reads that expect nothing', ({ reads }) => ({ reads: { ...reads, expect: {} } })],
    [
      'reads that do not say what is there then',
      ({ reads: { url, expect: expected } }) => ({ reads: { url, expect: expected } }),
    ],
  ])('%s does not', async (_, over) => {
    for (const [kind, plan] of await plans()) expect(misfitOf(withCall(plan, over), kind), kind).not.toBeNull();
  });

  it('nothing fits that writes another kind of object, two of them, or is of no action that is known', async () => {
    for (const [kind, plan] of await plans()) {
      const type = plan.target.type === 'application' ? 'servicePrincipal' : 'application';
      expect(misfitOf({ ...plan, target: { ...plan.target, type } }, kind)).not.toBeNull();
      expect(misfitOf({ ...plan, calls: [...plan.calls, ...plan.calls] }, kind)).not.toBeNull();
      expect(misfitOf({ ...plan, action: 'toString' }, kind)).not.toBeNull();
    }
  });
});

describe('A body', () => {
  const fits = async (action: string, body: PlannedCall['body']): Promise<boolean> => {
    const broken = brokenWorlds.find((one) => one.action === action);
    if (broken === undefined) throw new Error(action);
    const { plan } = await storedJob(broken, wirePorts(broken));
    return (
      misfitOf(
        withCall(plan, () => ({ body })),
        'do',
      ) === null
    );
  };

  it.each<[string, PlannedCall['body']]>([
    ['exclude-app-from-policy', { conditions: { applications: { excludeApplications: [] }, users: {} } }],
    ['exclude-app-from-policy', { conditions: { applications: { excludeApplications: [], applicationFilter: null } } }],
    ['exclude-app-from-policy', { conditions: { applications: {} } }],
    [
      'grant-consent',
      { clientId: guid(1), consentType: 'AllPrincipals', resourceId: guid(2), scope: 'openid profile User.Read' },
    ],
    ['assignment-not-required', { appRoleAssignmentRequired: true }],
    ['add-cloud-group-tag', { tags: 'kdc_enable_cloud_group_sids' }],
    ['allow-aes256-kerberos', { properties: [] }],
  ])('of %s may not be %j', async (action, body) => {
    expect(await fits(action, body)).toBe(false);
  });
});
