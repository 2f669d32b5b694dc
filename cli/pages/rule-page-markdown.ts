import type { RulePage } from '../../domain/rules/pages/page.ts';
import type { Rule } from '../../domain/rules/rule.ts';
import type { Example } from './examples.ts';
import { fixWays } from './fix-ways.ts';
import { jsonLines } from './json-lines.ts';
import { markdownTable } from './markdown-table.ts';
import { neededPermissions } from './needed-permissions.ts';
import { ownRepair } from './own-repair.ts';

/** A rule's page in Markdown, as Prettier would write it. `example` null: the rule finds nothing in the sample tenant. */
export function rulePageMarkdown(rule: Rule, page: RulePage, example: Example | null): string {
  return paragraphs(
    `# ${rule.id}`,
    `> ${rule.statement}`,
    `**Severity:** ${rule.severity}. **Symptom:** ${sentence(rule.symptom ?? 'nothing that a user would see')}`,
    '## Why',
    rule.why,
    page.why,
    '## Who is affected',
    page.affected,
    '## How it is read',
    page.reading,
    outcomes(page),
    collections(rule),
    thresholds(rule),
    '## When it says unknown',
    page.unknown,
    permissions(rule),
    '## How to fix it',
    sentence(rule.remediation.summary),
    page.fix.before,
    fixWays(page)
      .map(({ name, text }) => `- **${name}:** ${indented(text)}`)
      .join('\n'),
    page.fix.after,
    ownRepair(rule.remediation.action),
    '## How to undo it',
    page.undo,
    '## Example',
    exampleText(example),
    '## Sources',
    page.sources.map(({ title, url }) => `- [${title}](${url})`).join('\n'),
  );
}

function outcomes({ outcomes: rows }: RulePage): string {
  return markdownTable(
    ['what is there', 'outcome', 'severity'],
    rows.map(({ when, outcome, severity }) => [when, outcome, severity ?? '']),
  );
}

function collections({ needs, helpedBy }: Rule): string {
  if (needs.length + helpedBy.length === 0) return 'It reads nothing of its own.';
  const helped = helpedBy.length === 0 ? '' : `; where it can, also ${list(helpedBy)}`;
  return `It reads ${list(needs)}${helped}.`;
}

function thresholds({ id, thresholds: defaults }: Rule): string {
  const told = Object.entries(defaults).map(([name, value]) => `\`${name}\` (${String(value)})`);
  return told.length === 0
    ? ''
    : `Thresholds, with their defaults: ${told.join(', ')}. Settings change them: \`rules.${id}.thresholds\`.`;
}

function permissions(rule: Rule): string {
  const needed = neededPermissions(rule);
  if (needed.length === 0) return '';
  return markdownTable(
    ['collection', 'permission', 'without it'],
    needed.map(({ collection, permission, needed: isNeeded }) => [
      `\`${collection}\``,
      permission === null ? 'none: it is handed in' : `\`${permission}\``,
      isNeeded ? 'unknown' : 'less sure',
    ]),
  );
}

function exampleText(example: Example | null): string {
  if (example === null) return 'The sample tenant has none.';
  const { id, verdict } = example;
  return paragraphs(
    `In the sample tenant, \`${id}\` (${verdict.outcome}, ${verdict.severity}):`,
    `> ${verdict.title}`,
    ['```text', jsonLines(verdict.evidence), '```'].join('\n'),
  ).trimEnd();
}

function list(names: readonly string[]): string {
  const quoted = names.map((name) => `\`${name}\``);
  const last = quoted.at(-1) ?? '';
  return quoted.length < 2 ? last : `${quoted.slice(0, -1).join(', ')} and ${last}`;
}

function sentence(text: string): string {
  return /[.!?]$/u.test(text) ? text : `${text}.`;
}

/** Lines after the first belong to the same list item. */
function indented(text: string): string {
  return text.replaceAll(/\n(?!\n|$)/gu, '\n  ');
}

function paragraphs(...parts: readonly string[]): string {
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
