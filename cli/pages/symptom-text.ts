import type { Symptom } from '../../domain/rules/symptoms.ts';
import { hanging } from './wrap.ts';

/** What a symptom means and what to do next, for a terminal. */
export function symptomText(symptom: Symptom): string {
  const { phrases, meaning, causes, byHand } = symptom;
  const width = Math.max(0, ...causes.map(({ rule }) => rule?.length ?? 0));
  return [
    phrases[0] ?? '',
    ...hanging('  ', meaning),
    ...first(symptom),
    '',
    'Likely causes, by the rule that checks for each',
    ...causes.flatMap(({ rule, text }, index) =>
      hanging(`  ${String(index + 1)}. ${(rule ?? '(by hand)').padEnd(width)}  `, text),
    ),
    ...(byHand.length === 0 ? [] : ['', 'By hand, since it cannot be seen from the cloud']),
    ...byHand.flatMap((check) => hanging('  - ', check)),
    '',
  ].join('\n');
}

/** The two commands that lead on; none where no rule can tell. */
function first({ causes }: Symptom): readonly string[] {
  const rule = causes.map((cause) => cause.rule).find((id) => id !== null);
  if (rule === undefined) return [];
  const audit = 'kerbwatch audit';
  const explain = `kerbwatch explain ${rule}`;
  return [
    '',
    'First',
    `  ${audit.padEnd(explain.length)}  names the accounts and what exactly is wrong there`,
    `  ${explain}  the likeliest cause, and how to mend it`,
  ];
}
