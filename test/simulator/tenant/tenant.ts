import type { Random } from '../random.ts';
import type { Timeline } from '../timeline.ts';
import { guid } from '../../domain/build.ts';
import { remediator } from '../../domain/memory-ports.ts';
import type { Recorded } from './recorded.ts';
import { appObjectsOf, policyOf } from './facts-of.ts';
import { createPublishedDirectory, type PublishedDirectory, type Touched } from './directory.ts';
import { changesBetween, type Step, tenantState, type TenantState } from './journal.ts';
import type { AccountEvent } from './event.ts';
import {
  accountIdOf,
  accountKeyOf,
  type LiveAccount,
  type LiveApp,
  type LiveConsent,
  type LiveTenant,
  subscriptionIds,
} from './live.ts';

type Who = LiveConsent['by'];

/** Azure and Entra, and everything that can be done to them. Each act says what it changed: by an event, or in a delta. */
export interface Tenant {
  readonly live: LiveTenant;
  readonly directory: PublishedDirectory;
  /** Subscriptions that the auditor may not read now, and lists of the directory; each as long as it is in here. */
  readonly forbidden: Set<string>;
  /** When each of them could be read again. */
  readonly regainedAt: Map<string, number>;
  createAccount(account: LiveAccount): void;
  deleteAccount(account: LiveAccount): void;
  moveAccount(account: LiveAccount, subscriptionId: string): void;
  changeAccount(account: LiveAccount, change: Partial<Pick<LiveAccount, 'kerberos' | 'smbOAuth'>>): void;
  /** What the storage provider makes when Entra Kerberos is switched on: without consent. */
  makeApp(account: LiveAccount): void;
  removeApp(account: LiveAccount): void;
  /** @returns the consent's id; null where there is no app */
  grantConsent(account: LiveAccount, by: Who, scope?: string): string | null;
  setScope(account: LiveAccount, consentId: string, scope: string, by: Who): void;
  setAssignment(account: LiveAccount, required: boolean, by: Who): void;
  revokeConsent(account: LiveAccount): void;
  setPassword(account: LiveAccount, endsAt: number): void;
  setPolicy(state: LiveTenant['policy']['state']): void;
  /** Replaces the apps that the MFA policy excludes; appIds. */
  setExcluded(excluded: readonly string[], by: Who): void;
  /** Whether there was a moment in that time in which no account had that key. */
  wasAbsent(accountKey: string, from: number, to: number): boolean;
  /** Who did what, in order. */
  readonly recorded: readonly Recorded[];
  /** What can be written, as it was in the beginning. */
  readonly stateAtStart: TenantState;
  /** What was done to it, in order. */
  readonly journal: readonly Step[];
  /** Does something, and keeps what it changed. */
  journaled<T>(by: Who, call: string, act: () => T): T;
  /** Accounts to whose app the remediator gave consent while its own was there. */
  readonly doubleGrants: readonly string[];
}

export interface TenantParts {
  readonly timeline: Timeline;
  readonly random: Random;
  /** Called for each change of an account. */
  readonly onAccountChanged: (event: AccountEvent) => void;
}

const day = 86_400_000;
const administrators = [guid(0xad1), guid(0xad2), guid(0xad3)] as const;
const neverEdited = { state: 'disabled', excluded: [], edits: 0 } as const;
/** The id of the one policy there is. */
export const policyId = policyOf(neverEdited).id ?? '';
export const allScopes = 'openid profile User.Read';

export function createTenant(accounts: number, { timeline, random, onAccountChanged }: TenantParts): Tenant {
  const live: LiveTenant = { accounts: [], policy: { ...neverEdited }, apps: 0, consents: 0 };
  for (let number = 0; number < accounts; number += 1) {
    live.accounts.push({
      name: `contoso${String(number)}`,
      exists: true,
      subscriptionId: random.pick(subscriptionIds),
      createdAt: timeline.now() - 400 * day,
      kerberos: true,
      smbOAuth: false,
      app: newApp(live, timeline.now(), [newConsent(live, 'administrator', allScopes)]),
    });
  }
  const stateAtStart = tenantState(live);
  const journal: Step[] = [];
  const directory = createPublishedDirectory(live, { timeline, random });
  const doubleGrants: string[] = [];
  const recorded: Recorded[] = [];
  const stays = new Map<string, { readonly from: number; to: number }[]>();
  for (const account of live.accounts) arrive(account);

  function arrive(account: LiveAccount): void {
    const key = accountKeyOf(account);
    stays.set(key, [...(stays.get(key) ?? []), { from: timeline.now(), to: Infinity }]);
  }

  function leave(account: LiveAccount): void {
    const stay = stays.get(accountKeyOf(account))?.at(-1);
    if (stay !== undefined) stay.to = timeline.now();
  }

  function record(accountKey: string | null, names: readonly string[], objectId = random.pick(administrators)): void {
    recorded.push({
      accountKey,
      showsAt: timeline.now() + random.between(1, 30) * 60_000,
      record: {
        at: timeline.now(),
        actor: { kind: objectId === remediator ? 'application' : 'user', objectId, userPrincipalName: null },
        correlationId: null,
        operation: null,
        source: accountKey === null ? 'directory-audits' : 'resource-changes',
        touched: names.map((name) => ({ name, before: null })),
      },
    });
  }

  function tell(account: LiveAccount, kind: AccountEvent['kind'], id = accountIdOf(account)): void {
    onAccountChanged({ id: random.hex(32), accountId: id, at: timeline.now(), kind, account: { ...account } });
  }

  /** Runs `change` on the account's app, if it has one, and says what of it changed. */
  function withApp(account: LiveAccount, change: (app: LiveApp) => readonly Touched[], by?: string): void {
    const { app } = account;
    if (app === null) return;
    const touched = change(app);
    const { application, principal } = appObjectsOf(account.name, app);
    record(null, [application.id, principal.id], by);
    directory.touch(...touched);
  }

  function policyEdited(by?: string): void {
    live.policy.edits += 1;
    record(null, [policyId], by);
    directory.touch({ list: 'policies', change: null });
  }

  return {
    live,
    directory,
    doubleGrants,
    recorded,
    stateAtStart,
    journal,
    journaled(by, call, act) {
      const before = tenantState(live);
      const made = act();
      journal.push({ by, call, changed: changesBetween(before, tenantState(live)) });
      return made;
    },
    wasAbsent(accountKey, from, to) {
      const there = stays.get(accountKey) ?? [];
      // Present all the time means: one stay that spans it.
      return !there.some((stay) => stay.from <= from && stay.to > to);
    },
    forbidden: new Set(),
    regainedAt: new Map(),
    createAccount(account) {
      account.exists = true;
      account.createdAt = timeline.now();
      arrive(account);
      tell(account, 'write');
    },
    deleteAccount(account) {
      account.exists = false;
      leave(account);
      tell(account, 'delete');
    },
    moveAccount(account, subscriptionId) {
      const from = accountIdOf(account);
      leave(account);
      account.subscriptionId = subscriptionId;
      arrive(account);
      tell(account, 'delete', from);
      tell(account, 'write');
    },
    changeAccount(account, change) {
      Object.assign(account, change);
      record(accountKeyOf(account), ['properties.azureFilesIdentityBasedAuthentication']);
      tell(account, 'write');
    },
    makeApp(account) {
      account.app = newApp(live, timeline.now(), []);
      withApp(account, (app) => objectsTouched(account, app, false));
    },
    removeApp(account) {
      const { app } = account;
      if (app === null) return;
      account.app = null;
      const { application, principal } = appObjectsOf(account.name, app);
      record(null, [application.id, principal.id]);
      directory.touch(...objectsTouched(account, app, true), ...grantsTouched(account, app, true));
    },
    grantConsent(account, by, scope = allScopes) {
      const consent = newConsent(live, by, scope);
      withApp(
        account,
        (app) => {
          const hasOwn = app.consents.some((one) => one.by === 'remediator');
          if (by === 'remediator' && hasOwn) doubleGrants.push(account.name);
          app.consents = [...app.consents, consent];
          return grantsTouched(account, app, false);
        },
        objectIdOf(by),
      );
      return account.app === null ? null : consent.id;
    },
    setScope(account, consentId, scope, by) {
      withApp(
        account,
        (app) => {
          app.consents = app.consents.map((one) => (one.id === consentId ? { ...one, scope } : one));
          return grantsTouched(account, app, false);
        },
        objectIdOf(by),
      );
    },
    setAssignment(account, required, by) {
      withApp(
        account,
        (app) => {
          app.assignmentRequired = required;
          return objectsTouched(account, app, false);
        },
        objectIdOf(by),
      );
    },
    revokeConsent(account) {
      withApp(account, (app) => {
        const gone = grantsTouched(account, app, true);
        app.consents = [];
        return gone;
      });
    },
    setPassword(account, endsAt) {
      withApp(account, (app) => {
        app.passwordEndsAt = endsAt;
        return objectsTouched(account, app, false);
      });
    },
    setPolicy(state) {
      live.policy.state = state;
      policyEdited();
    },
    setExcluded(excluded, by) {
      live.policy.excluded = excluded;
      policyEdited(objectIdOf(by));
    },
  };
}

function newApp(live: LiveTenant, now: number, consents: LiveApp['consents']): LiveApp {
  live.apps += 1;
  return { number: live.apps, consents, assignmentRequired: false, passwordEndsAt: now + 300 * day };
}

function newConsent(live: LiveTenant, by: Who, scope: string): LiveConsent {
  live.consents += 1;
  return { id: `grant-${String(live.consents)}`, by, scope };
}

/** An administrator is picked by chance. */
function objectIdOf(by: Who): string | undefined {
  return by === 'remediator' ? remediator : undefined;
}

function objectsTouched({ name }: LiveAccount, app: LiveApp, removed: boolean): readonly Touched[] {
  const { application, principal } = appObjectsOf(name, app);
  const told = { removed, clientId: null, consentType: null };
  const bare = { ...told, appId: null, names: [] };
  const appNames = [application.displayName, ...application.identifierUris].map((text) => text.toLowerCase());
  const principalNames = [principal.displayName, ...principal.servicePrincipalNames].map((text) => text.toLowerCase());
  return [
    {
      list: 'applications',
      change: removed
        ? { ...bare, id: application.id }
        : { ...told, id: application.id, appId: application.appId, names: appNames },
    },
    {
      list: 'service-principals',
      change: removed
        ? { ...bare, id: principal.id }
        : { ...told, id: principal.id, appId: principal.appId, names: principalNames },
    },
  ];
}

function grantsTouched({ name }: LiveAccount, app: LiveApp, removed: boolean): readonly Touched[] {
  const clientId = appObjectsOf(name, app).principal.id;
  return app.consents.map(({ id }) => ({
    list: 'oauth2-permission-grants',
    change: {
      id,
      removed,
      appId: null,
      clientId: removed ? null : clientId,
      consentType: removed ? null : 'AllPrincipals',
      names: [],
    },
  }));
}
