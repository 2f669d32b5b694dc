import { type Cloud, type CloudName, cloudNames, clouds, defaultScope } from './clouds.ts';
import { isLoopback } from './loopback.ts';

export interface Endpoint {
  /** For example `https://management.azure.com`; no trailing slash. */
  readonly origin: string;
  /** What a token for it is asked for. */
  readonly scope: string;
}

export interface Endpoints {
  readonly cloud: Cloud;
  readonly arm: Endpoint;
  readonly graph: Endpoint;
  /** Both endpoints are on this machine. */
  readonly loopback: boolean;
  /** A bearer token for the loopback endpoints; null for a real sign-in. */
  readonly token: string | null;
}

/** An endpoint setting that cannot be used. `setting` is its name. */
export class EndpointInvalid extends Error {
  override readonly name = 'EndpointInvalid';
  readonly setting: string;

  constructor(setting: string, reason: string) {
    super(`${setting} ${reason}`);
    this.setting = setting;
  }
}

/**
 * Where ARM and Microsoft Graph answer: those of `AZURE_CLOUD`, unless `KERBWATCH_ARM_ENDPOINT` or
 * `KERBWATCH_GRAPH_ENDPOINT` (origins) name others. An empty value counts as not set.
 *
 * @throws EndpointInvalid for an unknown cloud, a value that is no origin, plain http to another machine, and
 * `KERBWATCH_TOKEN` with an endpoint that is not on this one.
 */
export function resolveEndpoints(env: Readonly<Record<string, string | undefined>>): Endpoints {
  const cloud = cloudOf(env);
  const arm = endpointOf(env, 'KERBWATCH_ARM_ENDPOINT', cloud.armOrigin);
  const graph = endpointOf(env, 'KERBWATCH_GRAPH_ENDPOINT', cloud.graphOrigin);
  const token = valueOf(env, 'KERBWATCH_TOKEN');
  if (token !== null) {
    for (const { origin } of [arm, graph]) {
      if (!isLoopback(new URL(origin))) {
        throw new EndpointInvalid(
          'KERBWATCH_TOKEN',
          `is only for loopback endpoints, and ${origin} is not one; unset it, or set both KERBWATCH_ARM_ENDPOINT and KERBWATCH_GRAPH_ENDPOINT to 127.0.0.1, ::1 or localhost.`,
        );
      }
    }
  }
  const loopback = isLoopback(new URL(arm.origin)) && isLoopback(new URL(graph.origin));
  return { cloud, arm, graph, loopback, token };
}

function cloudOf(env: Readonly<Record<string, string | undefined>>): Cloud {
  const name = valueOf(env, 'AZURE_CLOUD') ?? 'AzurePublic';
  const known: CloudName | undefined = cloudNames.find((candidate) => candidate.toLowerCase() === name.toLowerCase());
  if (known === undefined)
    throw new EndpointInvalid('AZURE_CLOUD', `is '${name}'; use one of ${cloudNames.join(', ')}.`);
  return clouds[known];
}

function endpointOf(env: Readonly<Record<string, string | undefined>>, setting: string, ofCloud: string): Endpoint {
  const text = valueOf(env, setting);
  if (text === null) return { origin: ofCloud, scope: defaultScope(ofCloud) };
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new EndpointInvalid(setting, `is '${text}'; give an origin such as http://127.0.0.1:7070.`);
  }
  if (url.username !== '' || url.password !== '' || url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new EndpointInvalid(setting, `holds more than an origin; ${url.origin} is what belongs there.`);
  }
  if (url.protocol === 'http:' && !isLoopback(url)) {
    throw new EndpointInvalid(setting, `is ${url.origin}; plain http is only for this machine, use https.`);
  }
  // A token for the overriding host itself: were it another's host, the token would be of no use elsewhere.
  return { origin: url.origin, scope: defaultScope(isLoopback(url) ? ofCloud : url.origin) };
}

function valueOf(env: Readonly<Record<string, string | undefined>>, name: string): string | null {
  const value = env[name]?.trim() ?? '';
  return value === '' ? null : value;
}
