import { hanging } from '../pages/wrap.ts';
import { type KnownNames, withNames } from './known-names.ts';
import { pipelineSafe } from './pipeline-safe.ts';
import { timeText } from './time-text.ts';
import type { ToldEntry } from '../../infra/documents/timeline-document.ts';

const indent = '  ';

/**
 * A timeline for a terminal: when, by whom, how sure that is and how it was noticed; below it what changed.
 * @param names of the policies and apps that facts name by id
 */
export function timelineText(entries: readonly ToldEntry[], names: KnownNames = new Map()): string {
  return groupsOf(entries)
    .flatMap(({ when, head, together }) => [
      ...hanging(`${when}  `, pipelineSafe(head)),
      ...shortened(together, names).flatMap((line) => hanging(indent, pipelineSafe(line))),
    ])
    .join('\n');
}

interface Group {
  readonly when: string;
  readonly head: string;
  readonly together: ToldEntry[];
}

/** What happened at one time by one hand is told once. */
function groupsOf(entries: readonly ToldEntry[]): readonly Group[] {
  const groups: Group[] = [];
  for (const entry of entries) {
    const when = timeText(entry.at);
    const head = `${whoText(entry)}; ${causeText(entry)}`;
    const last = groups.at(-1);
    if (last?.when === when && last.head === head) last.together.push(entry);
    else groups.push({ when, head, together: [entry] });
  }
  return groups;
}

/** Of an app that came or went every fact did: that is one line. */
function shortened(together: readonly ToldEntry[], names: KnownNames): readonly string[] {
  const lines = new Map<string, string>();
  for (const entry of together) {
    const app = appOf(entry);
    const facts = app === null ? [] : together.filter((other) => appOf(other) === app);
    const word = facts.length < 2 ? null : (cameOrWent(facts) ?? null);
    if (app === null || word === null) lines.set(`${entry.what} ${entry.finding ?? ''}`, lineOf(entry, names));
    else {
      const named = withNames(app, names);
      lines.set(app, `app ${named}: ${word}, with ${String(facts.length)} facts (--format json lists them)`);
    }
  }
  return [...lines.values()];
}

function appOf({ what, finding }: ToldEntry): string | null {
  return finding === null ? (/^app\/([^/]+)\//u.exec(what)?.[1] ?? null) : null;
}

function cameOrWent(facts: readonly ToldEntry[]): 'added' | 'removed' | null {
  if (facts.every(({ before }) => before === null)) return 'added';
  return facts.every(({ after }) => after === null) ? 'removed' : null;
}

function lineOf(entry: ToldEntry, names: KnownNames): string {
  const note = entry.note === null ? '' : ` ("${entry.note}")`;
  if (entry.finding === null) return `${withNames(`${entry.what}: ${factText(entry)}`, names)}${note}`;
  return `${entry.what}: ${standingText(entry)}${note}`;
}

function standingText({ what, before, after }: ToldEntry): string {
  if (before === after) {
    // An audit that found the same standing found other objects deciding; what a person did changes none of them.
    return / (?:worse|changed)$/u.test(what) ? `${after ?? '-'}, decided by other objects than before` : (after ?? '-');
  }
  return before === null ? (after ?? '-') : `${before} -> ${after ?? '-'}`;
}

/** Of a list what came and what went. */
function factText({ before, after }: ToldEntry): string {
  const [former, latter] = [listOf(before), listOf(after)];
  const removed = former.filter((item) => item !== 'none' && !latter.includes(item));
  const added = latter.filter((item) => item !== 'none' && !former.includes(item));
  const isList = former.length > 1 || latter.length > 1;
  if (!isList || removed.length + added.length === 0) return `${before ?? 'not set'} -> ${after ?? 'not set'}`;
  return [
    ...(removed.length === 0 ? [] : [`no longer ${removed.join(', ')}`]),
    ...(added.length === 0 ? [] : [`now ${added.join(', ')}`]),
  ].join('; ');
}

function listOf(text: string | null): readonly string[] {
  return text?.split(', ') ?? [];
}

function whoText({ who, confidence, doneAt, correlationId }: ToldEntry): string {
  const known = [
    ...(confidence === 'unknown' ? [] : [confidence]),
    ...(doneAt === null ? [] : [`done ${timeText(doneAt)}`]),
    ...(correlationId === null ? [] : [`correlation ${correlationId}`]),
  ];
  // With whom it may have been behind a colon, where several may.
  const by = who.startsWith('unknown') ? who.replace('unknown', 'who did it is not known') : `by ${who}`;
  return known.length === 0 ? by : `${by} (${known.join(', ')})`;
}

/** A newer version may have looked for a reason that has no words here. */
function causeText({ cause }: ToldEntry): string {
  if (cause === null) return 'how it was noticed is not known';
  const words: Partial<Record<string, string>> = {
    nightly: `seen by the nightly audit ${cause.id}`,
    event: 'seen after an event',
    watch: 'seen by the directory watch',
    verification: `seen by the verification of job ${cause.id}`,
    sweep: 'done by the sweep',
    person: 'at the command of a person',
  };
  return words[cause.kind] ?? `noticed by ${cause.kind}`;
}
