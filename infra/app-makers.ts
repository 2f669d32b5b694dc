import type { ChangeLog } from '../domain/audit/drift-ports.ts';
import { type AppMade, makerOf } from '../domain/remediation/app-maker.ts';
import { type AppOfPlan, idsOfPlan } from '../domain/remediation/apps-of-plan.ts';
import type { RemediationPlan } from '../domain/remediation/plan.ts';
import { storageResourceProvider } from '../domain/rules/app-management-policy-allows-rotation.ts';
import { isObjectId } from './azure/graph/find-user.ts';
import type { GraphChannel } from './azure/graph/graph-channel.ts';
import { failureOf } from './azure/failure.ts';
import { SignInRefused } from './azure/identity/sign-in-refused.ts';
import { isWireObject } from './azure/wire-object.ts';
import type { WireObject } from './estate-source.ts';
import { parseApplication } from './wire/application.ts';
import { WireMalformed } from './wire/wire-malformed.ts';

/** The audit records of Entra take 5 requests in 10 seconds, and somebody waits for the answer. */
const mostApps = 5;

interface MakerReaderParts {
  readonly graph: () => GraphChannel;
  readonly changeLog: Pick<ChangeLog, 'ofDirectory'>;
  readonly now: () => number;
}

/**
 * Looks up who made the apps of a plan, for whoever decides on it: the first few of them.
 * @returns for a plan; null where the directory could not be read
 */
export function createMakerReader({
  graph,
  changeLog,
  now,
}: MakerReaderParts): (plan: RemediationPlan) => Promise<readonly AppMade[] | null> {
  /** undefined: there is none. @throws Unread */
  async function object(path: string): Promise<WireObject | undefined> {
    const { status, body } = await graph().send('GET', `/v1.0/${path}`);
    if (status === 404) return undefined;
    if (status !== 200 || !isWireObject(body)) throw new Unread();
    return body;
  }

  async function appOf(id: string): Promise<AppOfPlan | null> {
    const select = '?$select=id,appId';
    const found =
      (await object(`servicePrincipals/${id}${select}`)) ??
      (await object(`applications/${id}${select}`)) ??
      ({ appId: id } satisfies WireObject);
    const byAppId = `(appId='${encodeURIComponent(String(found['appId']))}')`;
    const members = 'id,appId,displayName,identifierUris,createdDateTime';
    const registered = await object(`applications${byAppId}?$select=${members}`);
    // Registered elsewhere, such as Microsoft Graph; or no app at all.
    if (registered === undefined) return null;
    const { id: applicationId, appId, displayName, createdAt } = parseApplication(registered);
    const principal = await object(`servicePrincipals${byAppId}?$select=id`);
    const objectIds = [applicationId, ...(principal === undefined ? [] : [String(principal['id']).toLowerCase()])];
    return { appId, displayName, objectIds, createdAt };
  }

  return async (plan) => {
    try {
      const apps = new Map<string, AppOfPlan>();
      for (const id of idsOfPlan(plan).filter(isObjectId)) {
        const app = apps.size > mostApps ? null : await appOf(id);
        if (app !== null) apps.set(app.appId, app);
      }
      const own = await object(`servicePrincipals(appId='${storageResourceProvider}')?$select=id`);
      const provider = new Set([
        storageResourceProvider,
        ...(own === undefined ? [] : [String(own['id']).toLowerCase()]),
      ]);
      const made: AppMade[] = [];
      for (const [index, app] of [...apps.values()].entries()) {
        const { appId, displayName } = app;
        const maker =
          index < mostApps
            ? await makerOf(app, provider, (ids, since) => changeLog.ofDirectory(ids, since), now())
            : ({
                kind: 'unknown',
                why: `Only ${String(mostApps)} apps are looked up here: ask Entra's audit log about this one and those after it`,
              } as const);
        made.push({ appId, displayName, maker });
      }
      return made;
    } catch (error) {
      // Who decides has to know that it is not known, and not why the app could not read it.
      if (error instanceof Unread || error instanceof WireMalformed || error instanceof SignInRefused) return null;
      failureOf(error, null);
      return null;
    }
  };
}

class Unread extends Error {
  override readonly name = 'Unread';
}
