import type { RulePage } from '../../domain/rules/pages/page.ts';
import type { Rule } from '../../domain/rules/rule.ts';
import { fixWays } from './fix-ways.ts';
import { neededPermissions } from './needed-permissions.ts';
import { ownRepair } from './own-repair.ts';
import { inline, plainText } from './plain-text.ts';
import { hanging, wrap } from './wrap.ts';
import { wrappedTable } from './wrapped-table.ts';

const margin = '  ';

/** A rule's page for a terminal: what is wrong and what to do come first, how it is read and where it is from last. */
export function rulePageText(rule: Rule, page: RulePage): string {
  return [
    rule.id,
    ...hanging('', rule.statement),
    '',
    ...hanging('Severity  ', rule.severity),
    ...hanging('Symptom   ', rule.symptom ?? 'nothing that a user would see'),
    ...hanging('Remedy    ', inline(rule.remediation.summary)),
    ...section('Why', [rule.why, page.why]),
    ...section('Who is affected', [page.affected]),
    ...fix(rule, page),
    ...section('How to undo it', [page.undo]),
    ...section('How it is read', [page.reading]),
    '',
    ...outcomes(page),
    ...thresholds(rule),
    ...section('When it says unknown', [page.unknown]),
    ...permissions(rule),
    '',
    'Sources',
    ...page.sources.flatMap(({ title, url }) => [...hanging(`${margin}- `, title), `${margin}  ${url}`]),
    '',
  ].join('\n');
}

function section(title: string, texts: readonly string[]): readonly string[] {
  const told = texts.filter((text) => text !== '').join('\n\n');
  return told === '' ? [] : ['', title, ...plainText(told, margin)];
}

function fix(rule: Rule, page: RulePage): readonly string[] {
  const ways = fixWays(page).flatMap(({ name, text }) => [
    '',
    `${margin}${name}`,
    ...plainText(text, margin.repeat(2)),
  ]);
  const closing = [page.fix.after, ownRepair(rule.remediation.action)].filter((text) => text !== '').join('\n\n');
  return [...section('How to fix it', [page.fix.before]), ...ways, '', ...plainText(closing, margin)];
}

function outcomes({ outcomes: rows }: RulePage): readonly string[] {
  return shown(
    ['OUTCOME', 'SEVERITY', 'WHEN'],
    rows.map(({ when, outcome, severity }) => [outcome, severity === null ? '' : inline(severity), inline(when)]),
    [14, 8, 68],
  );
}

function permissions(rule: Rule): readonly string[] {
  const rows = neededPermissions(rule).map(({ collection, permission, needed }) => [
    collection,
    permission ?? 'none: it is handed in',
    needed ? 'unknown' : 'less sure',
  ]);
  return rows.length === 0 ? [] : ['', ...shown(['COLLECTION', 'PERMISSION', 'WITHOUT IT'], rows, [30, 66, 10])];
}

function thresholds({ id, thresholds: defaults }: Rule): readonly string[] {
  const told = Object.entries(defaults).map(([name, value]) => `${name} (${String(value)})`);
  return told.length === 0
    ? []
    : [
        '',
        ...wrap(`Thresholds: ${told.join(', ')}. Settings change them: rules.${id}.thresholds.`.split(' '), 96).map(
          (line) => `${margin}${line}`,
        ),
      ];
}

function shown(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  widths: readonly number[],
): readonly string[] {
  return wrappedTable(header, rows, widths)
    .split('\n')
    .map((line) => `${margin}${line}`);
}
