import { describe, expect, it } from 'vitest';
import { rulesThatNeed } from '../../../cli/report/rules-that-need.ts';
import { signedInLine } from '../../../cli/report/signed-in-line.ts';
import { policyReadAll } from '../../../domain/model/permissions.ts';
import { rules } from '../../../domain/rules/index.ts';
import { apiNames, commandLineToolsClientId } from '../../../infra/azure/identity/person-sign-in.ts';

describe('how somebody signed in', () => {
  it('is told in a line, with what did not work before', () => {
    const refused = [{ method: 'az', reason: 'az is not there' }] as const;

    expect(signedInLine({ api: apiNames.arm, method: 'browser', clientId: null, refused }, ['mfa-excluded'])).toBe(
      'Signed in for Azure Resource Manager with browser (az: az is not there).',
    );
  });

  it.each([
    [commandLineToolsClientId, 'Microsoft Graph Command Line Tools'],
    ['c1', 'client c1'],
  ])('names the client %s', (clientId, name) => {
    const line = signedInLine({ api: apiNames.graph, method: 'device code', clientId, refused: [] }, ['mfa-excluded']);

    expect(line).toBe(`Signed in for Microsoft Graph with device code as ${name}.`);
  });

  it('with az for Microsoft Graph says which rules that leaves unknown', () => {
    const signedIn = { api: apiNames.graph, method: 'az', clientId: null, refused: [] } as const;

    expect(signedInLine(signedIn, ['mfa-excluded', 'b'])).toBe(
      'Signed in for Microsoft Graph with az. Its token never carries Policy.Read.All, which leaves unknown: mfa-excluded, b.',
    );
    expect(signedInLine(signedIn, [])).toBe('Signed in for Microsoft Graph with az.');
  });
});

describe('the rules that need Policy.Read.All', () => {
  it('are those that need what it reads', () => {
    const ids = rulesThatNeed(policyReadAll, rules);

    expect(ids).toContain('mfa-excluded');
    expect(ids).not.toContain('consent-granted');
    expect(ids).not.toContain('single-ad-source');
  });
});
