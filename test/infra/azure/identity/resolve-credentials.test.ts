import { describe, expect, it } from 'vitest';
import { resolveEndpoints } from '../../../../infra/azure/endpoints.ts';
import { resolveCredentials } from '../../../../infra/azure/identity/resolve-credentials.ts';
import { SignInRefused } from '../../../../infra/azure/identity/sign-in-refused.ts';

const local = { KERBWATCH_ARM_ENDPOINT: 'http://127.0.0.1:7070', KERBWATCH_GRAPH_ENDPOINT: 'http://127.0.0.1:7070' };
const ofPerson = (env: Record<string, string>) =>
  resolveCredentials({
    caller: 'person',
    endpoints: resolveEndpoints(env),
    env,
    tenantId: null,
    prompt: () => undefined,
    now: () => 0,
  });

describe('resolveCredentials', () => {
  it('uses KERBWATCH_TOKEN for both APIs of a loopback cloud', async () => {
    const { arm, graph } = ofPerson({ ...local, KERBWATCH_TOKEN: 'secret' });

    expect((await arm.getToken('x'))?.token).toBe('secret');
    expect((await graph.getToken('x'))?.token).toBe('secret');
  });

  it('says what to set when a person has no public client for Microsoft Graph', async () => {
    await expect(ofPerson({}).graph.getToken('x')).rejects.toThrow(/KERBWATCH_CLIENT_ID/);
    await expect(ofPerson({}).graph.getToken('x')).rejects.toBeInstanceOf(SignInRefused);
  });

  it('sends no real token in the clear', async () => {
    const { arm, graph } = ofPerson({ ...local, KERBWATCH_CLIENT_ID: 'c' });

    await expect(arm.getToken('x')).rejects.toThrow(/plain http.*KERBWATCH_TOKEN/);
    await expect(graph.getToken('x')).rejects.toBeInstanceOf(SignInRefused);
  });
});
