import { describe, expect, it } from 'vitest';
import { rememberedToken } from '../../../../infra/azure/identity/remembered-token.ts';
import { SignInRefused } from '../../../../infra/azure/identity/sign-in-refused.ts';

const hour = 3_600_000;

describe('rememberedToken', () => {
  it('asks once for callers at the same time, and again shortly before the token expires', async () => {
    let asked = 0;
    let now = 0;
    const source = { getToken: () => Promise.resolve({ token: `t${++asked}`, expiresOnTimestamp: now + hour }) };
    const credential = rememberedToken(source, 'Microsoft Graph', () => now);

    const together = await Promise.all([credential.getToken('s'), credential.getToken(['s'])]);
    now = hour - 60_000;
    const renewed = await Promise.all([credential.getToken('s'), credential.getToken('s')]);

    expect([...together, ...renewed].map((token) => token?.token)).toEqual(['t1', 't1', 't2', 't2']);
  });

  it('keeps tokens of different scopes apart', async () => {
    const source = {
      getToken: (scope: string | string[]) => Promise.resolve({ token: String(scope), expiresOnTimestamp: hour }),
    };
    const credential = rememberedToken(source, 'Microsoft Graph', () => 0);

    expect((await credential.getToken('a'))?.token).toBe('a');
    expect((await credential.getToken('b'))?.token).toBe('b');
  });

  it('asks anew when the service sent a claims challenge', async () => {
    let asked = 0;
    const source = { getToken: () => Promise.resolve({ token: `t${++asked}`, expiresOnTimestamp: hour }) };
    const credential = rememberedToken(source, 'Microsoft Graph', () => 0);
    await credential.getToken('s');

    expect((await credential.getToken('s', { claims: '{}' }))?.token).toBe('t2');
  });

  it('turns a failure into SignInRefused with the cause, and does not remember it', async () => {
    let asked = 0;
    const cause = new Error('Please run az login');
    const source = {
      getToken: () =>
        ++asked === 1 ? Promise.reject(cause) : Promise.resolve({ token: 't', expiresOnTimestamp: hour }),
    };
    const credential = rememberedToken(source, 'Azure Resource Manager', () => 0);

    const refused = await credential.getToken('s').catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(SignInRefused);
    expect(refused).toMatchObject({
      cause,
      message: expect.stringMatching(/Azure Resource Manager.*az login/) as string,
    });
    expect((await credential.getToken('s'))?.token).toBe('t');
  });
});
