import { auditAccount } from '../../domain/audit/audit-account.ts';
import { auditShard } from '../../domain/audit/audit-shard.ts';
import { dispatchOutbox } from '../../domain/audit/dispatch-outbox.ts';
import { planAudit } from '../../domain/audit/plan-audit.ts';
import type { Cause } from '../../domain/findings/finding.ts';
import type { Settings } from '../../domain/model/settings.ts';
import type { StorageAccount } from '../../domain/model/storage-account.ts';
import { createAccountReads } from '../../infra/azure/tables/account-reads.ts';
import { connectStorage } from '../../infra/azure/tables/connection.ts';
import { createFactStore } from '../../infra/azure/tables/fact-store.ts';
import type { Environment } from '../../infra/config.ts';
import { tables } from '../../infra/names.ts';
import { openStore, type Store } from '../../infra/store.ts';
import { guid, settings } from '../domain/build.ts';
import { directoryOf, kerberosAccount, onlyRules } from '../domain/estate.ts';
import { memoryPorts, type World } from '../domain/memory-ports.ts';
import { noCredential } from '../infra/azure/tables/stored.ts';

/** The person that events of this estate name. */
export const person = guid(0x70);

export interface FilledStore {
  readonly env: Environment;
  readonly store: Store;
  /** Azure as the audits see it. */
  readonly world: World;
  /** A nightly audit, sent to history. */
  night(runId: string): Promise<void>;
  /** An audit of one account after an event that names `person`; not sent to history. */
  event(accountId: string): Promise<void>;
  /** Sends to history what waits. */
  dispatch(): Promise<void>;
}

/** A store in Azurite and an estate in memory; what is stored, the audits themselves store. Consent is missing to all but `consented`. */
export function fillStore(
  connectionString: string,
  accounts: readonly StorageAccount[],
  consented: readonly string[] = [],
): FilledStore {
  const env = { AzureWebJobsStorage: connectionString };
  const store = openStore(env, noCredential);
  const storage = connectStorage(env, { credential: noCredential });
  const names = accounts.map(({ name }) => name);
  const memory = memoryPorts(accounts, directoryOf(names, consented));
  const { world } = memory;
  const ports = {
    ...memory,
    ...store,
    accountReads: createAccountReads(storage.table(tables.accounts)),
    watched: createFactStore(storage.table(tables.accounts)),
  };
  const given: Settings = settings({
    rules: onlyRules('consent-granted', 'coverage-lost'),
    remediation: { 'grant-consent': 'dry-run' },
  });
  let events = 0;
  return {
    env,
    store,
    world,
    async night(runId) {
      world.now += 60_000;
      const { shards } = await planAudit(runId, given, ports);
      for (let number = 0; number < shards; number += 1) await auditShard(runId, number, given, ports);
      await dispatchOutbox(ports);
    },
    async event(accountId) {
      world.now += 60_000;
      const id = `event-${String((events += 1))}`;
      const cause: Cause = { kind: 'event', id, actor: { kind: 'user', objectId: person } };
      await auditAccount(accountId, cause, given, ports);
    },
    async dispatch() {
      await dispatchOutbox(ports);
    },
  };
}

/** An account in the `number`-th subscription; GUIDs as `guid` makes them. */
export function accountIn(number: number, name: string): StorageAccount {
  return kerberosAccount(name, number);
}
