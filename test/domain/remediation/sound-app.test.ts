import { describe, expect, it } from 'vitest';
import { soundApp } from '../../../domain/remediation/sound-app.ts';
import type { WireObject } from '../../../infra/estate-source.ts';
import { accountName, appId, appNames, guid, host, tenantId } from '../build.ts';
import { contextOf, worldOf } from './apply-plan.ts';
import { wireApplication, wireGraphPrincipal, wirePrincipal } from './wire-objects.ts';

/** What a write would be made to, were this the only app that claims the account; else why not. */
function judged(application: WireObject, principal: WireObject = {}) {
  const found = soundApp(
    contextOf(
      worldOf({
        applications: [wireApplication(application)],
        servicePrincipals: [wireGraphPrincipal(), wirePrincipal(principal)],
      }),
    ),
  );
  return found.kind === 'manual' ? `${found.task.runbook}: ${found.task.why}` : found.kind;
}

/** The application and its principal alike, as Entra copies them. */
function named(displayName: string, names: readonly string[]) {
  return judged({ displayName, identifierUris: names }, { displayName, servicePrincipalNames: [appId, ...names] });
}

const title = `[Storage Account] ${host}`;
const bare = ['HOST', 'CIFS', 'HTTP'].map((service) => `${service}/${host}`);
const secret = { keyId: guid(1), displayName: 'mine', startDateTime: null, endDateTime: '2028-01-01T00:00:00Z' };
const user = { '@odata.type': '#microsoft.graph.user', id: guid(0xbad) };

describe('The app that a plan may write to', () => {
  it('is the one that the storage provider made, or a person in the manual preview', () => {
    expect(named(title, appNames())).toBe('sound');
    expect(named(accountName, bare)).toBe('sound');
  });

  it('is known without case', () => {
    expect(
      named(
        title.toUpperCase(),
        appNames().map((name) => name.toLowerCase()),
      ),
    ).toBe('sound');
  });

  it('is not one that took a free name of the host, though nothing else about it is odd', () => {
    expect(named('harmless', [`api://${tenantId}/cifs/${host}`])).toMatch(/^ambiguous-app: .*harmless/u);
    expect(named(title, [`api://${tenantId}/cifs/${host}`])).toMatch(/^ambiguous-app: .*HOST.*CIFS.*HTTP/u);
    expect(named('harmless', appNames())).toMatch(/^ambiguous-app: .*harmless/u);
  });

  it.each(bare)('is not one that lacks %s', (missing) => {
    const names = appNames().filter((name) => name !== missing);
    expect(named(title, names)).toMatch(/^ambiguous-app: .*lacks names/u);
    expect(judged({ identifierUris: names })).toContain(missing);
    expect(judged({}, { servicePrincipalNames: [appId, ...names] })).toContain(missing);
  });

  it.each<[string, WireObject, WireObject]>([
    ['the application alone is called', { displayName: 'harmless' }, {}],
    ['the principal alone is called', {}, { displayName: 'harmless' }],
  ])('is not one where %s something else', (_, application, principal) => {
    expect(judged(application, principal)).toMatch(/^ambiguous-app: .*harmless/u);
  });

  it.each<[string, WireObject, WireObject, RegExp]>([
    ['its principal', {}, { owners: [user] }, /owners/u],
    ['its application', { owners: [user] }, {}, /owners/u],
    ['a password of the application', { passwordCredentials: [secret] }, {}, /credentials/u],
    ['a certificate of the application', { keyCredentials: [secret] }, {}, /credentials/u],
    ['a certificate of the principal', {}, { keyCredentials: [secret] }, /credentials/u],
  ])('is not one that somebody holds by %s', (_, application, principal, why) => {
    expect(judged(application, principal)).toMatch(why);
    expect(judged(application, principal)).toMatch(/^ambiguous-app/u);
  });

  it('keeps the password that the provider puts on the principal', () => {
    expect(judged({}, { passwordCredentials: [secret] })).toBe('sound');
  });
});
