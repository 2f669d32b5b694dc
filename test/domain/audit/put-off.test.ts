import { describe, expect, it } from 'vitest';

import type { Messages } from '../../../domain/audit/ports.ts';
import { putOff, PutOffTooOften } from '../../../domain/audit/put-off.ts';
import type { AuditWork } from '../../../domain/audit/work.ts';
import { now } from '../build.ts';

const work: AuditWork = { kind: 'shard', runId: 'run-1', shard: 3 };

type Sent = Parameters<Messages['auditWork']>[0][number];

function ports(): { sent: Sent[]; messages: Messages; now: () => number; digest: (text: string) => string } {
  const sent: Sent[] = [];
  const auditWork = (messages: readonly Sent[]): Promise<void> => {
    sent.push(...messages);
    return Promise.resolve();
  };
  return { sent, messages: { auditWork } as Messages, now: () => now, digest: (text) => text };
}

describe('Work that is put off', () => {
  it('comes again after a second, then after twice as long each time, at most a quarter of an hour', async () => {
    const waits = await Promise.all([0, 1, 2, 9, 50].map((count) => putOff({ ...work, putOff: count }, ports())));

    expect(waits).toEqual([1000, 2000, 4000, 512_000, 900_000]);
  });

  it('is the same work, counted, scheduled for the end of the wait', async () => {
    const given = ports();
    await putOff(work, given);

    expect(given.sent).toMatchObject([{ work: { ...work, putOff: 1 }, notBefore: now + 1000 }]);
  });

  it('is one message however often one delivery puts it off, and another the next time', async () => {
    const given = ports();
    await putOff(work, given);
    await putOff(work, given);
    await putOff({ ...work, putOff: 1 }, given);
    const [first, again, next] = given.sent.map(({ messageId }) => messageId);

    expect(again).toBe(first);
    expect(next).not.toBe(first);
  });

  it('is given up by name after most of a day', async () => {
    await expect(putOff({ ...work, putOff: 96 }, ports())).rejects.toThrow(PutOffTooOften);
    await expect(putOff({ ...work, putOff: 96 }, ports())).rejects.toThrow('Shard 3 of run run-1');
  });
});
