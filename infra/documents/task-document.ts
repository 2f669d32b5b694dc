import { z } from 'zod';
import type { RepairTask } from '../../domain/remediation/repair-task.ts';
import { Instant, namedDocuments } from './common.ts';
import { isoTime } from './iso-time.ts';

/** What a person does where no plan may, step by step. */
export const TaskDocument = z
  .object({
    runbook: z.string(),
    title: z.string(),
    why: z.string(),
    rights: z.string(),
    breaks: z.string(),
    createdAt: Instant,
    steps: z
      .array(
        z.object({
          does: z.string(),
          commands: z.array(z.object({ shell: z.string(), line: z.string() })).readonly(),
          check: z.string(),
          back: z.string(),
        }),
      )
      .readonly(),
  })
  .register(namedDocuments, { id: 'ManualTask' });
export type TaskDocument = z.infer<typeof TaskDocument>;

export function taskDocument({ task, createdAt }: RepairTask): TaskDocument {
  return {
    runbook: task.runbook,
    title: task.title,
    why: task.why,
    rights: task.rights,
    breaks: task.breaks,
    createdAt: isoTime(createdAt),
    steps: task.steps.map(({ does, commands, check, back }) => ({
      does,
      commands: commands.map(({ shell, line }) => ({ shell, line })),
      check,
      back,
    })),
  };
}
