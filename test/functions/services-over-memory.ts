import type { InvocationContext } from '@azure/functions';
import { provide } from '../../functions/services.ts';
import type { Settings } from '../../domain/model/settings.ts';
import { parseAuditWork } from '../../infra/messages/audit-work.ts';
import { readJob } from '../../infra/messages/read-job.ts';
import { readResult } from '../../infra/messages/result.ts';
import { type Parts, servicesOver } from '../../infra/services.ts';
import { tenantId } from '../domain/build.ts';
import type { MemoryPorts } from '../domain/memory-ports.ts';

/** Has the handlers of jobs and results work as they are deployed, over ports in memory. */
export function provideOver(ports: MemoryPorts, settings: Settings): void {
  const parts = {
    ...ports,
    settings,
    planFacts: ports.facts,
    remediatorId: ports.actor,
    wait: () => Promise.resolve(),
    close: () => Promise.resolve(),
    read: {
      auditWork: parseAuditWork,
      job: (message: unknown) => readJob(message, tenantId),
      result: readResult,
    },
  };
  provide(() => Promise.resolve(servicesOver(parts as unknown as Parts)));
}

/** What a handler is told of one delivery, and what it logged. */
export function delivery(triggerMetadata: Record<string, unknown> = {}) {
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  return { lines, context: { log, warn: log, triggerMetadata } as unknown as InvocationContext };
}
