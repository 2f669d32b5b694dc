import { rules } from '../../domain/rules/index.ts';
import { pageOf } from '../../domain/rules/pages/index.ts';
import { openApiDocument } from '../../infra/api/open-api.ts';
import { auditorApi } from '../../infra/api/handle.ts';
import { remediationApi } from '../../infra/api/handle-remediation.ts';
import { contractFiles } from './contract-files.ts';
import { examples } from './examples.ts';
import { findingsMarkdown } from './findings-markdown.ts';
import { jsonText } from './json-text.ts';
import { permissionsMarkdown } from './permissions-markdown.ts';
import { remediationMarkdown } from './remediation-markdown.ts';
import { rulePageMarkdown } from './rule-page-markdown.ts';
import { rulesMarkdown } from './rules-markdown.ts';
import { settingsFiles } from './settings-files.ts';

/** Every document that is written from the code, by its path in the repository. */
export async function documents(): Promise<ReadonlyMap<string, string>> {
  const found = await examples();
  return new Map([
    ['RULES.md', rulesMarkdown(rules)],
    ['docs/api/openapi.json', openApiText(auditorApi)],
    ['docs/api/remediation-openapi.json', openApiText(remediationApi)],
    ...contractFiles(),
    ['docs/findings.md', findingsMarkdown()],
    ['docs/permissions.md', permissionsMarkdown(rules)],
    ['docs/remediation.md', remediationMarkdown(rules)],
    ...settingsFiles().map(({ path, text }): [string, string] => [path, text]),
    ...rules.map((rule): [string, string] => [
      `docs/rules/${rule.id}.md`,
      rulePageMarkdown(rule, pageOf(rule.id), found.get(rule.id) ?? null),
    ]),
  ]);
}

function openApiText({ operations, about }: typeof auditorApi | typeof remediationApi): string {
  return `${jsonText(openApiDocument(operations, about))}\n`;
}
