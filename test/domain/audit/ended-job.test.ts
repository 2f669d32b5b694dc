import { expect, it } from 'vitest';
import { auditAccount } from '../../../domain/audit/audit-account.ts';
import { dispatchOutbox } from '../../../domain/audit/dispatch-outbox.ts';
import { settings } from '../build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../estate.ts';
import { memoryPorts, type MemoryPorts } from '../memory-ports.ts';

const profiles = kerberosAccount('profiles');
const given = settings({ rules: onlyRules('consent-granted'), remediation: { 'grant-consent': 'auto' } });
const minute = 60_000;

async function look(ports: MemoryPorts): Promise<void> {
  const cause = { kind: 'event', id: 'e1', actor: { kind: 'unknown', objectId: null } } as const;
  await auditAccount(profiles.id, cause, given, ports);
  await dispatchOutbox(ports);
}

/** An account without consent whose job has ended so; its verification never got to see the consents. */
async function ended(state: 'done' | 'failed' | 'refused' | 'running'): Promise<MemoryPorts> {
  const ports = memoryPorts([profiles], directoryOf(['profiles'], []));
  await ports.store.runs.markBaselined([profiles.subscriptionId, '-']);
  await look(ports);
  const [stored] = await Array.fromAsync(ports.store.jobs.list('queued'));
  if (stored === undefined) throw new Error('The repair is queued');
  const report = { at: ports.now(), reason: 'x', before: null, after: null, actor: null };
  await ports.store.jobs.move(stored, state, state === 'running' ? null : report);
  return ports;
}

it.each(['done', 'failed', 'refused'] as const)(
  'A finding whose job is %s is open again at the next look that would show it, long before the job expires',
  async (state) => {
    const ports = await ended(state);
    ports.world.now += 16 * minute;
    await look(ports);

    expect(ports.store.all()).toMatchObject([{ state: 'open', repair: null }]);
    expect(ports.store.appended().map(({ kind }) => kind)).toEqual(['opened', 'unrepaired']);
    expect(ports.sent.jobs).toHaveLength(1);
  },
);

it('A look that comes before Entra shows what was written everywhere, or while the job is carried out, says nothing of it', async () => {
  for (const [state, after] of [
    ['done', 14 * minute],
    ['running', 60 * minute],
  ] as const) {
    const ports = await ended(state);
    ports.world.now += after;
    await look(ports);

    expect(ports.store.all()).toMatchObject([{ state: 'remediating' }]);
  }
});
