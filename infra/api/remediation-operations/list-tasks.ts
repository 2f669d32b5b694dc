import { z } from 'zod';
import type { RepairTask } from '../../../domain/remediation/repair-task.ts';
import { namedDocuments } from '../../documents/common.ts';
import { TaskDocument, taskDocument } from '../../documents/task-document.ts';
import { NoQuery } from '../operations/no-query.ts';
import { operation, readers } from './remediation-operation.ts';

export const TasksAnswer = z
  .object({ schema: z.literal('kerbwatch.tasks/v1'), tasks: z.array(TaskDocument).readonly() })
  .register(namedDocuments, { id: 'ManualTasks' });

export const listTasks = operation({
  method: 'GET',
  path: '/tasks',
  role: readers,
  summary: 'What a person has to do where no plan may, the youngest first',
  query: NoQuery,
  body: null,
  status: 200,
  answer: TasksAnswer,
  etag: null,
  problems: ['request'],
  async handle(_asked, { tasks }) {
    const found: RepairTask[] = [];
    for await (const task of tasks.list()) found.push(task);
    found.sort((a, b) => b.createdAt - a.createdAt);
    return { document: { schema: 'kerbwatch.tasks/v1' as const, tasks: found.map(taskDocument) } };
  },
});
