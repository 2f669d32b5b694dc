import type { ActionMode } from '../../domain/model/settings.ts';
import { type Risk, actionRisks } from '../../domain/remediation/actions.ts';
import { actionPermissions } from '../../domain/remediation/permissions.ts';
import { named, oneOf } from './named.ts';

const modes = ['off', 'dry-run', 'approve', 'auto'] as const satisfies readonly ActionMode[];
const attendedModes = ['off', 'dry-run', 'approve'] as const satisfies readonly ActionMode[];

const whyNotAlone: Readonly<Record<Exclude<Risk, 'safe'>, string>> = {
  disruptive: 'it interrupts users',
  'weakens-security': 'it weakens security',
};

/** `remediation`: a mode for every action there is; `dry-run` where settings do not say. */
export const remediation = named(
  Object.fromEntries(Object.entries(actionRisks).map(([action, risk]) => [action, modeFor(action as Action, risk)])),
);

type Action = keyof typeof actionRisks;

function modeFor(action: Action, risk: Risk) {
  const { does, carriedOut } = actionPermissions[action];
  const what = `It ${does}.${carriedOut ? '' : ' This version does not carry it out: it needs a person.'}`;
  if (risk === 'safe') return oneOf(modes).default('dry-run').meta({ description: what });
  const why = `never runs by itself, since ${whyNotAlone[risk]}`;
  return oneOf(attendedModes, { auto: `this action ${why}; did you mean "approve"?` })
    .default('dry-run')
    .meta({ description: `${what} It ${why}.` });
}
