import { actionRisks, type Risk } from '../../domain/remediation/actions.ts';
import { type ActionPermissions, actionPermissions } from '../../domain/remediation/permissions.ts';

type ActionName = keyof typeof actionRisks;

const risks: Readonly<Record<Risk, string>> = {
  safe: 'safe',
  disruptive: "disruptive: it interrupts users, so it never runs without a person's approval",
  'weakens-security': "it weakens security, so it never runs without a person's approval",
};

/** What Kerbwatch itself can do about a finding, in Markdown. */
export function ownRepair(action: string | null): string {
  if (action === null) return 'Kerbwatch has no action for it: it needs a person.';
  if (!isAction(action)) return `Kerbwatch knows no action \`${action}\` yet: it needs a person.`;
  const { does, permissions, beware, carriedOut } = actionPermissions[action];
  const risk = actionRisks[action];
  const what = `Action \`${action}\` ${does}. Risk: ${risks[risk]}.`;
  if (!carriedOut) return `${what} This version does not carry it out: it needs a person.`;
  const switchedOn = risk === 'safe' ? 'auto' : 'approve';
  return [
    `${what} Without a setting it is a dry run, which only says what it would do; with \`"remediation": { "${action}": "${switchedOn}" }\` in the settings of both apps the remediator does it, and the account is audited again.`,
    `The remediator's identity needs ${names(permissions)}; the auditor never has it.${beware === null ? '' : ` ${beware}`}`,
  ].join(' ');
}

function names(permissions: ActionPermissions['permissions']): string {
  return permissions.map(({ name }) => `\`${name}\``).join(', ');
}

function isAction(action: string): action is ActionName {
  return Object.hasOwn(actionRisks, action);
}
