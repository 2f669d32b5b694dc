import { z } from 'zod';
import type { Settings } from '../../../domain/model/settings.ts';
import { rules } from '../../../domain/rules/index.ts';
import type { Rule } from '../../../domain/rules/rule.ts';
import { isEnabled } from '../../../domain/rules/rule-settings.ts';
import { namedDocuments, openWord, Severity } from '../../documents/common.ts';
import { operation } from '../operation.ts';
import { NoQuery } from './no-query.ts';

const RuleDocument = z
  .object({
    id: z.string(),
    about: openWord(['account', 'tenant', 'operation']),
    statement: z.string().meta({ description: 'What is true when all is well.' }),
    why: z.string(),
    enabled: z.boolean(),
    severity: Severity,
    thresholds: z.record(z.string(), z.number()),
    needs: z.array(z.string()).readonly(),
    helpedBy: z.array(z.string()).readonly(),
    symptom: z.string().nullable(),
    remediation: z.object({ summary: z.string(), action: z.string().nullable() }),
    page: z.string(),
  })
  .register(namedDocuments, { id: 'Rule' });

const Answer = z
  .object({ schema: z.literal('kerbwatch.rules/v1'), rules: z.array(RuleDocument).readonly() })
  .register(namedDocuments, { id: 'Rules' });

export const listRules = operation({
  method: 'GET',
  path: '/rules',
  role: 'Findings.Read',
  summary: 'Every rule, as the settings of the app have it',
  query: NoQuery,
  body: null,
  status: 200,
  answer: Answer,
  etag: null,
  problems: ['request'],
  handle: (_asked, { settings }) =>
    Promise.resolve({
      document: { schema: 'kerbwatch.rules/v1', rules: rules.map((rule) => ruleDocument(rule, settings)) },
    }),
});

function ruleDocument(rule: Rule, settings: Settings): z.infer<typeof RuleDocument> {
  const { id, about, statement, why, severity, thresholds, needs, helpedBy, symptom, remediation } = rule;
  const given = settings.rules[id];
  return {
    id,
    about,
    statement,
    why,
    enabled: isEnabled(rule, settings),
    severity: given?.severity ?? severity,
    thresholds: { ...thresholds, ...given?.thresholds },
    needs,
    helpedBy,
    symptom,
    remediation: { summary: remediation.summary, action: remediation.action },
    page: `docs/rules/${id}.md`,
  };
}
