import type { Random } from '../random.ts';
import type { Timeline } from '../timeline.ts';
import { guid, tenantId } from '../../domain/build.ts';
import { remediator } from '../../domain/memory-ports.ts';
import type { Recorded } from './recorded.ts';
import { appObjectsOf, policyOf } from './facts-of.ts';
import { newFileService } from './file-service.ts';
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
  changeAccount(
    account: LiveAccount,
    change: Partial<Pick<LiveAccount, 'kerberos' | 'smbOAuth' | 'privateEndpoint'>>,
  ): void;
  setFiles(account: LiveAccount, properties: LiveAccount['files'], by: Who): void;
  /** What the storage provider makes when Entra Kerberos is switched on: without consent. */
  makeApp(account: LiveAccount): void;
  removeApp(account: LiveAccount): void;
  /** @returns the consent's id; null where there is no app */
  grantConsent(account: LiveAccount, by: Who, scope?: string): string | null;
  setScope(account: LiveAccount, consentId: string, scope: string, by: Who): void;
  setAssignment(account: LiveAccount, required: boolean, by: Who): void;
  /** Takes one back, or all. */
  revokeConsent(account: LiveAccount, by: Who, consentId?: string): void;
  /** The application's names beside those of the storage provider. */
  setNames(account: LiveAccount, moreNames: readonly string[], by: Who): void;
  setTags(account: LiveAccount, tags: readonly string[], by: Who): void;
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
  /** How long a write to the directory may be hidden from who reads the very object; milliseconds. */
  readonly longestReadLag: number;
  /** Called for each change of an account. */
  readonly onAccountChanged: (event: AccountEvent) => void;
}

const day = 86_400_000;
const administrators = [guid(0xad1), guid(0xad2), guid(0xad3)] as const;
const neverEdited = { state: 'disabled', excluded: [], edits: 0 } as const;
/** The id of the one policy there is. */
export const policyId = policyOf(neverEdited).id ?? '';
export const allScopes = 'openid profile User.Read';
/** What an application carries for tickets of cloud-only users. */
export const groupTag = 'kdc_enable_cloud_group_sids';

export function createTenant(
  accounts: number,
  { timeline, random, longestReadLag, onAccountChanged }: TenantParts,
): Tenant {
  const live: LiveTenant = { accounts: [], policy: { ...neverEdited }, apps: 0, consents: 0 };
  for (let number = 0; number < accounts; number += 1) {
    const name = `contoso${String(number)}`;
    const privateEndpoint = random.chance(0.4);
    const app = newApp(live, timeline.now(), [newConsent(live, 'administrator', allScopes)]);
    live.accounts.push({
      name,
      exists: true,
      subscriptionId: random.pick(subscriptionIds),
      createdAt: timeline.now() - 400 * day,
      kerberos: true,
      smbOAuth: false,
      privateEndpoint,
      files: newFileService,
      app: { ...app, tags: [groupTag], moreNames: privateEndpoint ? privateLinkNames(name) : [] },
    });
  }
  // Either all is let in without MFA from the start, or nobody asks for MFA yet.
  if (random.chance(0.5)) live.policy = { state: 'enabled', excluded: appIdsOf(live), edits: 0 };
  const stateAtStart = tenantState(live);
  const journal: Step[] = [];
  const directory = createPublishedDirectory(live, { timeline, random, longestReadLag });
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

  function changeApp(account: LiveAccount, change: Partial<LiveApp>, by: Who): void {
    withApp(
      account,
      (app) => {
        Object.assign(app, change);
        return objectsTouched(account, app, false);
      },
      objectIdOf(by),
    );
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
      journal.push({ by, at: timeline.now(), call, changed: changesBetween(before, tenantState(live)) });
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
      account.files = newFileService;
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
    setFiles(account, properties, by) {
      account.files = properties;
      record(accountKeyOf(account), ['properties.protocolSettings'], objectIdOf(by));
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
      changeApp(account, { assignmentRequired: required }, by);
    },
    setNames(account, moreNames, by) {
      changeApp(account, { moreNames }, by);
    },
    setTags(account, tags, by) {
      changeApp(account, { tags }, by);
    },
    revokeConsent(account, by, consentId) {
      const isGone = (id: string): boolean => consentId === undefined || id === consentId;
      withApp(
        account,
        (app) => {
          const { consents } = app;
          const gone = grantsTouched(account, { ...app, consents: consents.filter(({ id }) => isGone(id)) }, true);
          app.consents = consents.filter(({ id }) => !isGone(id));
          return gone;
        },
        objectIdOf(by),
      );
    },
    setPassword(account, endsAt) {
      changeApp(account, { passwordEndsAt: endsAt }, 'administrator');
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
  const bare = { assignmentRequired: false, moreNames: [], tags: [] };
  return { number: live.apps, consents, ...bare, passwordEndsAt: now + 300 * day };
}

/** The names by which clients ask for a ticket through a private endpoint. */
export function privateLinkNames(name: string): readonly string[] {
  return ['HOST', 'CIFS', 'HTTP'].flatMap((service) => {
    const bare = `${service}/${name}.privatelink.file.core.windows.net`;
    return [bare, `api://${tenantId}/${bare}`];
  });
}

function appIdsOf({ accounts }: LiveTenant): readonly string[] {
  return accounts.flatMap(({ name, app }) => (app === null ? [] : [appObjectsOf(name, app).application.appId]));
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
