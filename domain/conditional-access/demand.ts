import type { GrantControls } from '../model/conditional-access-policy.ts';
import { strengthDemand } from './authentication-strength.ts';
import type { Reason } from './effect.ts';
import { lowered, strangers } from './wire-words.ts';

/**
 * What a policy's grant controls ask for once it applies (decision table, rows 24 to 32).
 *
 * - `nothing`, `device`: never MFA, whatever else the policy carries.
 * - `mfa-or-device`: managed devices pass, others must do MFA.
 * - `unanswerable`: terms of use or an app control, which a Kerberos client cannot answer.
 */
export type DemandKind = 'nothing' | 'device' | 'mfa' | 'mfa-or-device' | 'unanswerable' | 'block' | 'undecided';

export interface Demand {
  readonly kind: DemandKind;
  /** A control that is not known has a say, and it may block. */
  readonly mayBlock: boolean;
  readonly reason: Reason;
}

const mfaControls = ['mfa', 'passwordchange', 'riskremediation'];
const deviceControls = ['compliantdevice', 'domainjoineddevice'];
const appControls = ['approvedapplication', 'compliantapplication'];
const knownControls: ReadonlySet<string> = new Set(['block', ...mfaControls, ...deviceControls, ...appControls]);

/** Which sorts of control are set. `met` is an authentication strength that a password satisfies. */
interface Sorts {
  readonly block: boolean;
  readonly mfa: boolean;
  readonly device: boolean;
  readonly unanswerable: boolean;
  readonly met: boolean;
  /** An authentication strength of which it cannot be told what it asks for. */
  readonly unclear: boolean;
  readonly unknown: readonly string[];
}

export function demandOf(controls: GrantControls | null): Demand {
  if (controls === null || isEmpty(controls)) return demand('nothing', 24, 'demands nothing');
  const sorts = sortsOf(controls);
  const operator = controls.operator?.toLowerCase();
  if (operator === 'and') return demandOfAll(sorts);
  if (operator === 'or') return demandOfAny(sorts);
  const [all, any] = [demandOfAll(sorts), demandOfAny(sorts)];
  if (all.kind === any.kind) return all; // one control, or controls of one sort: the operator does not matter
  if (sorts.unknown.length > 0) return undecided(sorts);
  return demand('undecided', 32, `several controls, operator ${controls.operator ?? 'not given'}`);
}

function isEmpty(controls: GrantControls): boolean {
  return (
    controls.builtInControls.length === 0 &&
    controls.customAuthenticationFactors.length === 0 &&
    controls.termsOfUse.length === 0 &&
    controls.authenticationStrength === null
  );
}

function sortsOf(controls: GrantControls): Sorts {
  const builtIn = lowered(controls.builtInControls);
  const strength = controls.authenticationStrength === null ? null : strengthDemand(controls.authenticationStrength);
  const has = (names: readonly string[]) => names.some((name) => builtIn.has(name));
  return {
    block: builtIn.has('block'),
    mfa: has(mfaControls) || controls.customAuthenticationFactors.length > 0 || strength === 'mfa',
    device: has(deviceControls),
    unanswerable: has(appControls) || controls.termsOfUse.length > 0,
    met: strength === 'met',
    unknown: strangers(builtIn, knownControls),
    unclear: strength === 'undecided',
  };
}

function demandOfAll(sorts: Sorts): Demand {
  if (sorts.block) return demand('block', 25, 'blocks');
  if (sorts.mfa) return demand('mfa', 26, 'demands MFA');
  if (isOpen(sorts)) return undecided(sorts);
  if (sorts.unanswerable) return demand('unanswerable', 31, 'a control a Kerberos client cannot answer');
  if (sorts.device) return demand('device', 30, 'demands only a managed device');
  return demand('nothing', 26, 'its authentication strength allows a single factor');
}

function demandOfAny(sorts: Sorts): Demand {
  if (sorts.block) return demand('block', 25, 'blocks');
  if (sorts.met) return demand('nothing', 26, 'its authentication strength allows a single factor');
  if (isOpen(sorts)) return undecided(sorts);
  if (sorts.mfa && sorts.device) return demand('mfa-or-device', 27, 'MFA or a managed device');
  if (sorts.mfa && sorts.unanswerable) return demand('mfa', 28, 'MFA or a control a Kerberos client cannot answer');
  if (sorts.mfa) return demand('mfa', 26, 'demands MFA');
  if (sorts.unanswerable) return demand('unanswerable', 31, 'a control a Kerberos client cannot answer');
  return demand('device', 30, 'demands only a managed device');
}

function isOpen(sorts: Sorts): boolean {
  return sorts.unclear || sorts.unknown.length > 0;
}

function undecided({ unknown, unclear }: Sorts): Demand {
  const names = [...unknown, ...(unclear ? ['authentication strength'] : [])];
  return { ...demand('undecided', 32, `unknown control: ${names.join(', ')}`), mayBlock: unknown.length > 0 };
}

function demand(kind: DemandKind, row: number, words: string): Demand {
  return { kind, mayBlock: kind === 'block', reason: { row, words } };
}
