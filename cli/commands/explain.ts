import { rules } from '../../domain/rules/index.ts';
import { pageOf } from '../../domain/rules/pages/index.ts';
import { type Symptom, symptoms } from '../../domain/rules/symptoms.ts';
import { nearest } from '../../infra/nearest.ts';
import { exitCode, UsageError } from '../exit-code.ts';
import { findSymptoms } from '../find-symptoms.ts';
import type { Io } from '../io.ts';
import { rulePageText } from '../pages/rule-page-text.ts';
import { symptomText } from '../pages/symptom-text.ts';
import { hanging } from '../pages/wrap.ts';

/** How many rules may be meant by a name that is none. */
const suggestions = 3;

/**
 * Prints the page of a rule, or what a symptom means and how to go on. @returns the exit code
 * @param asked as it was typed: a rule's id, an error number, words of a message
 * @throws UsageError where nothing matches
 */
export async function explain(asked: string, io: Io): Promise<number> {
  const rule = rules.find(({ id }) => id === asked.trim().toLowerCase());
  if (rule !== undefined) {
    io.stdout.write(rulePageText(rule, pageOf(rule.id)));
    return exitCode.clean;
  }
  const found = findSymptoms(asked, symptoms);
  if (found.length === 0) throw new UsageError(nothingFound(asked));
  if (found.length > 1) io.stdout.write(`${String(found.length)} symptoms match '${asked}', the best first.\n\n`);
  io.stdout.write(found.map(symptomText).join('\n'));
  return exitCode.clean;
}

function nothingFound(asked: string): string {
  const near = nearestRules(asked);
  return [
    `No rule and no symptom matches '${asked}'.${near.length === 0 ? '' : ` Did you mean ${near.join(' or ')}?`}`,
    'Symptoms; an error number or a few words of the message are enough:',
    ...symptoms.map(({ phrases }: Symptom) => `  ${phrases[0] ?? ''}`),
    'Rules:',
    ...hanging('  ', rules.map(({ id }) => id).join(' ')),
  ].join('\n');
}

/** The rules whose names are nearest to a mistyped one, the nearest first. */
function nearestRules(word: string): readonly string[] {
  const found: string[] = [];
  while (found.length < suggestions) {
    const next = nearest(
      word,
      rules.map(({ id }) => id).filter((id) => !found.includes(id)),
    );
    if (next === null) break;
    found.push(next);
  }
  return found;
}
