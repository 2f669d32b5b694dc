import type { ActionMode } from '../../domain/model/settings.ts';
import { type Risk, actionRisks } from '../../domain/remediation/actions.ts';
import { named, oneOf } from './named.ts';

const modes = ['off', 'dry-run', 'approve', 'auto'] as const satisfies readonly ActionMode[];

const whyNotAlone: Readonly<Record<Exclude<Risk, 'safe'>, string>> = {
  disruptive: 'it interrupts users',
  'weakens-security': 'it weakens security',
};

/** `remediation`: a mode for every action there is; `dry-run` where settings do not say. */
export const remediation = named(
  Object.fromEntries(Object.entries(actionRisks).map(([action, risk]) => [action, modeFor(risk)])),
);

function modeFor(risk: Risk) {
  const mode = oneOf(modes).default('dry-run');
  return risk === 'safe'
    ? mode
    : mode.refine((chosen) => chosen !== 'auto', {
        error: `this action never runs by itself, since ${whyNotAlone[risk]}; did you mean "approve"?`,
      });
}
