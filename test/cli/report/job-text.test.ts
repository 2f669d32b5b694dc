import { describe, expect, it } from 'vitest';
import { taskLines } from '../../../cli/report/job-text.ts';
import type { TaskDocument } from '../../../infra/documents/task-document.ts';

const back = `Set it again as it was saved: az rest --method PATCH --url 'https://management.azure.com/subscriptions/${'0'.repeat(36)}/x' --body '{"properties": {"sku": 1}}'`;
const task: TaskDocument = {
  ...{ runbook: 'r', title: 'Do it', why: 'The policy only reports for now', rights: 'Owner', breaks: 'Nothing.' },
  createdAt: '2026-11-20T12:00:00.000Z',
  steps: [{ does: 'Do.', commands: [], check: 'See.', back }],
};

describe('A task of a person', () => {
  it('has what takes a step back on one line, so that a command in it can be pasted', () => {
    expect(taskLines(task).filter((line) => line.includes(back))).toHaveLength(1);
  });

  it('says when it was written where that was before the job beside it was planned', () => {
    const said = (planned?: string): boolean =>
      taskLines(task, planned).join(' ').includes('before this job was planned');

    expect(said('2026-11-21T12:00:00.000Z')).toBe(true);
    expect([said('2026-11-20T12:00:00.000Z'), said()]).toEqual([false, false]);
  });
});
