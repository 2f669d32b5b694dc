import type { SecondOpinion } from '../../domain/audit/second-opinion.ts';
import type { EntraSays } from '../ask-entra.ts';
import { pipelineSafe } from './pipeline-safe.ts';
import { table } from './table.ts';

/** Where Entra and we differ, for a terminal; nothing where it was not asked. */
export function whatIfTable({ user, asked, policies }: EntraSays): readonly string[] {
  if (asked.length === 0) return [];
  const compared = policies.filter(({ opinions }) => opinions.length > 0);
  const rows = compared.flatMap((one) =>
    one.opinions
      .filter(({ differs }) => differs)
      .map(({ account, ours, entra, analysisReasons }) => [
        nameOf(one),
        account,
        ours,
        entra,
        analysisReasons.length === 0 ? '-' : pipelineSafe(analysisReasons.join(', ')),
      ]),
  );
  const apps = `${String(asked.length)} storage app${asked.length === 1 ? '' : 's'}`;
  const absent = policies.filter(({ opinions }) => opinions.length === 0).map(nameOf);
  const changed = compared.filter(({ sameAsInTenant }) => sameAsInTenant === false).map(nameOf);
  const title = `Second opinion of Entra, for ${user} on ${apps}: `;
  const verdict =
    compared.length === 0
      ? 'none of the policies is in the tenant.'
      : rows.length === 0
        ? 'no difference.'
        : 'it differs here. Look at both before you enable anything.';
  return [
    [
      `${title}${verdict}`,
      ...(rows.length === 0 ? [] : [table(['policy', 'account', 'kerbwatch', 'entra', "entra's reasons"], rows)]),
      ...(changed.length === 0 ? [] : [`Not the same in the tenant as in the file: ${changed.join(', ')}.`]),
      ...(absent.length === 0 || compared.length === 0 ? [] : [`Not in the tenant: ${absent.join(', ')}.`]),
    ].join('\n'),
  ];
}

function nameOf({ policy }: SecondOpinion): string {
  const name = policy.displayName === '' ? (policy.id ?? '') : policy.displayName;
  return `‹${pipelineSafe(name)}›`;
}
