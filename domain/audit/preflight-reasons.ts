import { exclusionChange } from '../conditional-access/exclusion-change.ts';
import { isMicrosoftManaged } from '../conditional-access/microsoft-managed.ts';
import { isId } from '../conditional-access/wire-words.ts';
import type { ConditionalAccessPolicy } from '../model/conditional-access-policy.ts';
import { byCodeUnit } from '../rules/verdicts.ts';
import type { PreflightApps } from './preflight-apps.ts';
import { accountsOf, type JudgedApp } from './preflight-judged.ts';

/** As many names as a sentence can carry; the document lists all accounts that a policy affects. */
const mostNames = 5;

type JudgedApps = readonly [JudgedApp, ...JudgedApp[]];

/** Why: the rows of the decision table that decided, then what a colleague would add. */
export function preflightReasons(
  policy: ConditionalAccessPolicy,
  judged: JudgedApps,
  estate: PreflightApps | null,
): readonly string[] {
  const [{ word }] = judged;
  const deciding = judged.filter((one) => one.word === word);
  return [
    ...rows(deciding),
    ...(word === 'none' ? [] : stateNotes(policy)),
    ...(estate === null ? blindNotes(policy, judged[0]) : estateNotes(policy, judged, estate)),
    ...notes(policy, judged),
  ];
}

/** Each row once, in the order of the table. */
function rows(deciding: readonly JudgedApp[]): readonly string[] {
  const byText = new Map<string, number>();
  for (const { effect, hangsOnApp } of deciding) {
    if (hangsOnApp) continue;
    for (const { row, words } of effect.reasons) byText.set(`row ${String(row)}: ${words}`, row);
  }
  return [...byText].sort(([a, row], [b, other]) => row - other || byCodeUnit(a, b)).map(([text]) => text);
}

function stateNotes(policy: ConditionalAccessPolicy): readonly string[] {
  switch (policy.state.toLowerCase()) {
    case 'enabled':
      return [];
    case 'disabled':
      return ['disabled: it does nothing until somebody enables it'];
    case 'enabledforreportingbutnotenforced':
      return isMicrosoftManaged(policy)
        ? ['report-only, and managed by Microsoft, who switches such policies on without asking']
        : ['report-only: it enforces nothing yet'];
    default:
      return [`its state ‹${policy.state}› is not known: what it does as it stands cannot be told`];
  }
}

/** What a snapshot would tell. */
function blindNotes({ applications }: ConditionalAccessPolicy, { effect, word }: JudgedApp): readonly string[] {
  if (effect.demand === 'nothing') return [];
  const listed = applications.include.filter(isId).length;
  const excluded = applications.exclude.filter(isId).length;
  if (word === 'none') {
    return listed === 0
      ? []
      : [`it names ${counted(listed, 'app')} by appId; --snapshot DIR tells whether a storage app is among them`];
  }
  return [
    ...(excluded === 0
      ? []
      : [
          `it excludes ${counted(excluded, 'app')} by appId; --snapshot DIR tells which storage apps are not among them`,
        ]),
    ...(effect.needs === null ? [] : ['--snapshot DIR decides it where the snapshot holds those attributes']),
  ];
}

function estateNotes(policy: ConditionalAccessPolicy, judged: JudgedApps, estate: PreflightApps): readonly string[] {
  if (estate.apps.length === 0 && estate.unseen.length === 0 && !estate.moreAccounts) {
    return ['no Entra Kerberos account in scope has a storage app: judged for an ordinary one'];
  }
  const hanging = judged.filter(({ hangsOnApp }) => hangsOnApp);
  const hidden = accountsOf(hanging);
  const spared = judged.filter(({ effect }) => effect.spared);
  const listed = judged.filter(({ effect, word }) => effect.explicit && word !== 'none');
  const reached = judged.filter(({ app, word }) => app !== null && word !== 'none');
  const open = reached.filter(({ word }) => word === 'undecided');
  const stopped = reached.filter(({ word }) => word !== 'undecided');
  return [
    ...(hidden.length === 0
      ? []
      : [`it names apps by appId, and which one is the storage app was not read: ${named(hidden)}`]),
    ...(hanging.some(({ account }) => account === null)
      ? ['it names apps by appId, and not all storage accounts were read: there may be others that it reaches']
      : []),
    ...(listed.length === 0 ? [] : [`it names the storage app of ${named(accountsOf(listed))}: somebody meant that`]),
    ...(spared.length === 0 ? [] : [`it leaves out the storage app of ${named(accountsOf(spared))}`]),
    ...objectIdNotes(policy, reached),
    ...(open.length === 0 ? [] : [`may concern, by appId: ${named(open.map(withAppId))}`]),
    ...(stopped.length === 0 ? [] : [`exclude by appId: ${named(stopped.map(withAppId))}`]),
  ];
}

/** An exclusion by object id does nothing (row 6), and looks as if it did. */
function objectIdNotes({ applications }: ConditionalAccessPolicy, reached: readonly JudgedApp[]): readonly string[] {
  const excluded = new Set(applications.exclude.map((entry) => entry.toLowerCase()));
  const mistaken = reached.filter(({ app }) => app?.objectIds.some((id) => excluded.has(id)) === true);
  return mistaken.length === 0
    ? []
    : [`it excludes ${named(accountsOf(mistaken))} by an object id, which does nothing: it has to be the appId`];
}

function notes(policy: ConditionalAccessPolicy, judged: JudgedApps): readonly string[] {
  const { applications } = policy;
  const forAll = applications.include.some((entry) => entry.toLowerCase() === 'all');
  const excludes = applications.exclude.length > 0 || applications.filter?.mode.toLowerCase() === 'exclude';
  const demands = judged[0].effect.demand !== 'nothing';
  const switchedOff = [...new Set(judged.flatMap((one) => one.switchedOff))].sort(byCodeUnit);
  return [
    ...(forAll && excludes && demands ? [`since ${exclusionChange.since}: ${exclusionChange.note}`] : []),
    ...(judged.some(({ effect }) => effect.everyTime)
      ? ['row 24: it asks for a new sign-in every time; mount a share to see what that means for tickets']
      : []),
    ...switchedOff.map((rule) => `settings switch ${rule} off, so this does not count`),
  ];
}

function withAppId({ account, app }: JudgedApp): string {
  return `${app?.target.appId ?? ''} (${account ?? ''})`;
}

function named(names: readonly string[]): string {
  const more = names.length - mostNames;
  return more > 0 ? `${names.slice(0, mostNames).join(', ')} and ${String(more)} more` : names.join(', ');
}

function counted(count: number, what: string): string {
  return `${String(count)} ${what}${count === 1 ? '' : 's'}`;
}
