import { policyReadAll } from '../../domain/model/permissions.ts';
import type { SignedIn } from '../../infra/azure/identity/first-that-works.ts';
import { apiNames, commandLineToolsClientId } from '../../infra/azure/identity/person-sign-in.ts';

/**
 * How a person signed in, in one line for stderr.
 * @param policyRules ids of the rules that need Policy.Read.All, which a token of `az` never carries for a person
 */
export function signedInLine({ api, method, clientId, refused }: SignedIn, policyRules: readonly string[]): string {
  const client = clientId === null ? '' : ` as ${clientNamed(clientId)}`;
  const instead = refused.map((way) => `${way.method}: ${way.reason}`).join('; ');
  const line = `Signed in for ${api} with ${method}${client}${instead === '' ? '' : ` (${instead})`}.`;
  if (api !== apiNames.graph || method !== 'az' || policyRules.length === 0) return line;
  return `${line} Its token never carries ${policyReadAll.name}, which leaves unknown: ${policyRules.join(', ')}.`;
}

/** The client as a person knows it. */
export function clientNamed(clientId: string): string {
  return clientId === commandLineToolsClientId ? 'Microsoft Graph Command Line Tools' : `client ${clientId}`;
}
