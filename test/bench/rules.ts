import { runInNewContext } from 'node:vm';
import { setFlagsFromString } from 'node:v8';

import { auditEstate } from '../../domain/audit/audit-estate.ts';
import { compilePolicies, effectOn } from '../../domain/conditional-access/compile.ts';
import { itemsOf } from '../../domain/model/collection.ts';
import type { ConditionalAccessPolicy } from '../../domain/model/conditional-access-policy.ts';
import type { EstateFacts } from '../../domain/model/facts.ts';
import { rules } from '../../domain/rules/index.ts';
import { readEstateFacts } from '../../infra/facts.ts';
import { defaultSettings } from '../../infra/settings/parse-settings.ts';
import { openDirectoryFiles } from '../../infra/snapshot/directory-files.ts';
import { openSnapshot } from '../../infra/snapshot/open-snapshot.ts';
import { figure, heading, seconds } from './figures.ts';

const apps = 10_000;
const policies = 200;

/** The rules alone, over facts in memory: every account of the estate in `directory` uses Entra Kerberos. */
export async function benchRules(directory: string): Promise<void> {
  const empty = heapInUse();
  const facts = await readEstateFacts(await openSnapshot(openDirectoryFiles(directory)));
  const full = heapInUse();
  benchConditionalAccess(facts);

  const accounts = itemsOf(facts.storageAccounts).length;
  heading(
    'Every rule over every account',
    `${accounts} Entra Kerberos accounts, ${rules.length} rules, facts in memory`,
  );
  for (const turn of ['first', 'second', 'third']) {
    const startedAt = performance.now();
    const { verdicts } = auditEstate(facts, defaultSettings(), Date.now(), false);
    const judged = Object.values(verdicts).reduce((sum, count) => sum + count, 0);
    figure(`${turn} time`, `${seconds(performance.now() - startedAt)} for ${judged} verdicts`);
  }
  heading('Memory of the facts', 'heap in use after a collection, with and without them');
  figure('per account, its app, principal, consent', `${((full - empty) / accounts / 1024).toFixed(1)} KiB`);
}

function benchConditionalAccess({ directory }: EstateFacts): void {
  const given = itemsOf(directory.conditionalAccessPolicies);
  const many = Array.from({ length: policies }, (_, index): ConditionalAccessPolicy[] => {
    const policy = given[index % given.length];
    return policy === undefined ? [] : [{ ...policy, id: `policy-${index}` }];
  }).flat();
  const principals = itemsOf(directory.servicePrincipals).slice(0, apps);
  heading('Conditional Access', `${principals.length} apps × ${many.length} policies, each policy compiled once`);
  const startedAt = performance.now();
  const compiled = compilePolicies(many);
  const compiledAt = performance.now();
  let reached = 0;
  for (const app of principals) {
    for (const policy of compiled) if (effectOn(policy, app).kind !== 'none') reached += 1;
  }
  figure('compiling', seconds(compiledAt - startedAt));
  figure('judging', `${seconds(performance.now() - compiledAt)}, ${reached} effects`);
}

/** Bytes. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}
