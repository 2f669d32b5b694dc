import type { Forecast } from '../../domain/audit/preflight.ts';
import type { PreflightApps } from '../../domain/audit/preflight-apps.ts';
import { exclusionChange } from '../../domain/conditional-access/exclusion-change.ts';
import type { PreflightWord } from '../../domain/conditional-access/preflight-word.ts';
import type { EntraSays } from '../ask-entra.ts';
import { hanging } from '../pages/wrap.ts';
import type { JudgedPolicy } from './preflight-document.ts';
import { pipelineSafe } from './pipeline-safe.ts';
import { stateWord } from './preflight-state.ts';
import { whatIfTable } from './preflight-what-if-table.ts';
import { table } from './table.ts';

/** As many names as a line can carry; the document holds all. */
const mostNames = 12;
const indent = '    ';
const isRow = /^(?<row>row \d+): (?<words>.*)$/su;

export interface JudgedPolicies {
  readonly judged: readonly JudgedPolicy[];
  /** The apps of a snapshot that were judged; null: an ordinary one. */
  readonly estate: PreflightApps | null;
  readonly entra: EntraSays | null;
  /** false: there are policies on further pages that nobody judged. */
  readonly isWhole: boolean;
}

/** The policies for a terminal: a line for each and why, then what to do. */
export function preflightTable(
  { judged, estate, entra, isWhole }: JudgedPolicies,
  paint: (text: string, severity: string) => string,
): string {
  const [header = '', ...lines] = table(
    ['severity', 'if enabled', 'as it stands', 'state', 'policy'],
    judged.map(({ file, policy, forecast }) => [
      forecast.severity === null ? '-' : paint(forecast.severity, forecast.severity),
      forecast.effectIfEnabled,
      forecast.effect,
      stateWord(pipelineSafe(policy.state)),
      `‹${pipelineSafe(policy.displayName === '' ? (policy.id ?? 'without a name') : policy.displayName)}› (${pipelineSafe(file)})`,
    ]),
  ).split('\n');
  const body = judged.flatMap(({ forecast }, index) => [
    lines[index] ?? '',
    ...because(forecast).flatMap((text) => hanging(indent, pipelineSafe(text))),
  ]);
  const sections = [
    [header, ...body].join('\n'),
    ...notesBelow(judged).map((note) => hanging('[1] ', note).join('\n')),
    ...(entra === null ? [] : whatIfTable(entra)),
    summaryOf(judged, estate !== null, isWhole),
  ];
  return `${sections.join('\n\n')}\n`;
}

/** Told once, below, however many policies it is about. */
function notesBelow(judged: readonly JudgedPolicy[]): readonly string[] {
  return [...new Set(judged.flatMap(({ forecast }) => forecast.reasons).filter(isNoteBelow))];
}

function isNoteBelow(reason: string): boolean {
  return reason.endsWith(exclusionChange.note);
}

/** The rows of the decision table in one line, the accounts, then everything else. */
function because({ reasons, accounts, effectIfEnabled }: Forecast): readonly string[] {
  const rows = reasons.filter((reason) => isRow.test(reason));
  const others = reasons.filter((reason) => !isRow.test(reason) && !isNoteBelow(reason));
  return [
    ...(rows.length === 0 ? [] : [rows.map((reason) => reason.replace(isRow, '$<words> ($<row>)')).join(', ')]),
    ...affected(accounts, effectIfEnabled),
    ...others,
    ...(reasons.some(isNoteBelow) ? ['it excludes apps from all resources: see [1] below'] : []),
  ];
}

function affected(accounts: readonly string[], word: PreflightWord): readonly string[] {
  if (accounts.length === 0) return [];
  const more = accounts.length - mostNames;
  const shown = more > 0 ? `${accounts.slice(0, mostNames).join(', ')} and ${String(more)} more` : accounts.join(', ');
  return [`${word === 'undecided' ? 'may concern' : 'affects'} ${counted(accounts.length, 'account')}: ${shown}`];
}

const harmless = 'would lock nobody out';

const outcomes = [
  [['requires-mfa', 'blocks'], 'would lock everybody in scope out of their shares'],
  [['may-require-mfa', 'may-block'], 'would lock some people out'],
  [['undecided'], 'cannot be decided'],
  [['none'], harmless],
] as const satisfies readonly (readonly [readonly PreflightWord[], string])[];

function summaryOf(judged: readonly JudgedPolicy[], estate: boolean, isWhole: boolean): string {
  const subject = estate ? 'the storage apps of the snapshot' : 'an ordinary storage app';
  const parts = outcomes.flatMap(([words, says]) => {
    const count = judged.filter(({ forecast }) => words.some((word) => word === forecast.effectIfEnabled)).length;
    // Of a list that goes on, nobody is safe because one page of it is.
    const told = says === harmless && !isWhole ? 'would keep nobody out by itself' : says;
    return count === 0 ? [] : [judged.length === 1 ? `it ${told}` : `${String(count)} ${told}`];
  });
  const policies = judged.length === 1 ? '1 policy' : `${String(judged.length)} policies`;
  const rest = isWhole ? '' : ' Policies of further pages were not judged.';
  const summary = `${policies} judged for ${subject}. Enabled, ${parts.join('; ')}.${rest}`;
  const allHarmless = judged.every(({ forecast }) => forecast.effectIfEnabled === 'none');
  const advice = [
    'Before you enable such a policy, exclude the storage apps by appId (excludeApplications); then mount a share to be sure.',
    'More: docs/preflight.md, kerbwatch explain mfa-excluded, kerbwatch explain conditional-access-not-blocking.',
  ];
  return [summary, ...(allHarmless ? [] : advice)].flatMap((text) => hanging('', text)).join('\n');
}

function counted(count: number, what: string): string {
  return `${String(count)} ${what}${count === 1 ? '' : 's'}`;
}
