import type { RepairTask, TaskPlace, TaskStore } from '../../../domain/remediation/repair-task.ts';
import type { Row } from './entity.ts';
import { taskPartition } from './job-store.ts';
import { packJson, unpackJson } from './json-properties.ts';
import { keyPart, placeHash, timeKey } from './keys.ts';
import type { Table } from './table.ts';

/** Table `jobs`, partition `task`: `place~topic~time`, oldest first; `place` = hash of the task's place. */
export function createTaskStore(table: Table): TaskStore {
  return {
    async insert(task) {
      await table.insert({
        partitionKey: taskPartition,
        rowKey: `${nameOf(task)}~${timeKey(task.createdAt)}`,
        createdAt: new Date(task.createdAt),
        ...packJson('body', task),
      });
    },
    async find(place, topic) {
      const name = nameOf({ place, topic });
      let youngest: RepairTask | null = null;
      const range = { partitionKey: taskPartition, from: `${name}~`, before: `${name}~~` };
      for await (const row of table.rows(range)) youngest = storedTask(row);
      return youngest;
    },
    async *list() {
      for await (const row of table.rows({ partitionKey: taskPartition })) yield storedTask(row);
    },
  };
}

/** The task of a row. */
export function storedTask({ properties }: Row): RepairTask {
  return unpackJson('body', properties) as RepairTask;
}

function nameOf({ place, topic }: TaskPlace): string {
  return `${placeHash(place)}~${keyPart(topic)}`;
}
