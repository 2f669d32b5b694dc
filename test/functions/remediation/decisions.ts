import { JobMetricsAnswer } from '../../../infra/api/remediation-operations/get-metrics.ts';
import { SetAsideAnswer } from '../../../infra/api/remediation-operations/set-aside.ts';
import type { JobDocument } from '../../../infra/documents/job-document.ts';
import type { EmbeddedCloud } from '../../../infra/local/embedded-cloud.ts';
import { approver, type LocalPerson } from '../../../infra/local/identity/people.ts';
import { kerbwatch } from '../../cli/recorded-io.ts';

/** Who switched the actions on, and may decide like anybody with the role, yet on nothing of that. */
export const owner: LocalPerson = {
  ...approver,
  name: 'owner',
  objectId: '3c9d5e21-7b64-4a18-8f05-1e2d6a7c9b84',
  upn: 'owner@contoso.example',
};

/** Another person than the approver, for what the approver asked for. */
export const secondApprover: LocalPerson = {
  ...approver,
  name: 'second-approver',
  objectId: '6e0f8b37-2d91-4c5a-9a76-4b8c3f1d7e95',
  upn: 'second.approver@contoso.example',
};

export interface Answered {
  readonly status: number;
  readonly body: unknown;
}

/** What people do about jobs, each with a token of their own: over HTTP, and at the terminal, which asks the same API. */
export interface Decisions {
  shown(person: LocalPerson, jobId: string): Promise<JobDocument>;
  approve(person: LocalPerson, jobId: string, planDigest: string): Promise<Answered>;
  /** At the terminal. @returns the job that takes it back */
  undo(person: LocalPerson, jobId: string): Promise<JobDocument>;
  /** Tries a job again that failed. @returns the new attempt */
  requeue(person: LocalPerson, jobId: string): Promise<JobDocument>;
  /** Why what was put aside was. */
  rejected(person: LocalPerson): Promise<readonly (string | null)[]>;
  /** How many jobs of each action were taken back, where nothing failed or was refused. */
  undone(person: LocalPerson): Promise<Readonly<Record<string, number>>>;
}

export async function decisionsOn(cloud: EmbeddedCloud, people: readonly LocalPerson[]): Promise<Decisions> {
  const tokens = new Map(
    await Promise.all(people.map(async (person) => [person.name, await cloud.personToken(person, 3600)] as const)),
  );
  const tokenOf = ({ name }: LocalPerson): string => tokens.get(name) ?? '';

  async function ask(person: LocalPerson, method: string, path: string, body?: object): Promise<Answered> {
    const response = await fetch(`${cloud.apiAddress}/remediation/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${tokenOf(person)}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: await response.json() };
  }

  return {
    shown: async (person, jobId) => (await ask(person, 'GET', `/jobs/${jobId}`)).body as JobDocument,
    approve: (person, jobId, planDigest) => ask(person, 'POST', `/jobs/${jobId}/approval`, { planDigest }),
    async undo(person, jobId) {
      const { environment, apiAddress } = cloud;
      const { code, stdout, stderr } = await kerbwatch(['jobs', 'undo', jobId, '--format', 'json'], {
        env: {
          KERBWATCH_REMEDIATION_API: apiAddress,
          KERBWATCH_TOKEN: tokenOf(person),
          KERBWATCH_ARM_ENDPOINT: environment['KERBWATCH_ARM_ENDPOINT'],
          KERBWATCH_GRAPH_ENDPOINT: environment['KERBWATCH_GRAPH_ENDPOINT'],
        },
      });
      if (code !== 0) throw new Error(`jobs undo ended with ${String(code)}: ${stderr}`);
      return JSON.parse(stdout) as JobDocument;
    },
    requeue: async (person, jobId) => (await ask(person, 'POST', `/jobs/${jobId}/requeue`)).body as JobDocument,
    rejected: async (person) =>
      SetAsideAnswer.parse((await ask(person, 'GET', '/rejected')).body).messages.map(({ reason }) => reason),
    async undone(person) {
      const { actions } = JobMetricsAnswer.parse((await ask(person, 'GET', '/metrics')).body);
      const sound = actions.filter(({ failed, refused }) => failed + refused === 0);
      return Object.fromEntries(sound.map(({ action, undone }) => [action, undone]));
    },
  };
}
