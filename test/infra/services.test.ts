import { describe, expect, it } from 'vitest';
import { createJobStore } from '../../infra/azure/tables/job-store.ts';
import { createRunStore } from '../../infra/azure/tables/run-store.ts';
import type { Table } from '../../infra/azure/tables/table.ts';
import { isRefusal } from '../../infra/services.ts';

/** A store that must not be asked. */
const untouched = {} as Table;

describe('A message that names what can never be stored', () => {
  it.each([
    ['a job', () => createJobStore(untouched).find('../jobs?x')],
    ['a run', () => createRunStore(untouched).shard('run/../1', 0)],
  ])('is refused and not delivered again: %s', async (_says, find) => {
    const error: unknown = await find().catch((thrown: unknown) => thrown);

    expect(isRefusal(error)).toBe(true);
  });
});
