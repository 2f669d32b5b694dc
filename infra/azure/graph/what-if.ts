import { z } from 'zod';
import type { WhatIfAnswer } from '../../../domain/audit/second-opinion.ts';
import type { ConditionalAccessPolicy } from '../../../domain/model/conditional-access-policy.ts';
import type { WireObject } from '../../estate-source.ts';
import { parseConditionalAccessPolicy } from '../../wire/conditional-access-policy.ts';
import { optionalFlag, optionalText } from '../../wire/fields.ts';
import { WireMalformed } from '../../wire/wire-malformed.ts';
import { type Failure, failureOf, failureOfStatus, MalformedAnswer } from '../failure.ts';
import { ownLink } from '../foreign-link.ts';
import type { GraphChannel } from './graph-channel.ts';

/** Least permission that Microsoft Graph asks for a what-if evaluation (domain facts 3.4). */
export const whatIfPermission = 'Policy.Read.ConditionalAccess';

const evaluatePath = '/v1.0/identity/conditionalAccess/evaluate';

/**
 * A mount as Entra may see it: a desktop client on a compliant Windows device without risk. A condition that is left out would
 * make policies that look at it undecidable; the address is one of those kept for documentation.
 */
const mount = {
  devicePlatform: 'windows',
  clientAppType: 'mobileAppsAndDesktopClients',
  signInRiskLevel: 'none',
  userRiskLevel: 'none',
  country: 'US',
  ipAddress: '203.0.113.5',
  deviceInfo: { isCompliant: true },
} as const;

const result = z.object({ id: z.string().min(1), policyApplies: optionalFlag, analysisReasons: optionalText });
const page = z.object({ value: z.array(z.looseObject({})), '@odata.nextLink': optionalText });

export type WhatIfReading =
  | { readonly state: 'read'; readonly answers: readonly WhatIfAnswer[] }
  | { readonly state: 'unreadable'; readonly failure: Failure };

/**
 * What Entra says of every policy of the tenant for a user's sign-in to an app: one request, and Conditional Access takes one
 * a second.
 *
 * @param userId object id
 * @throws SignInRefused, AbortError
 */
export async function evaluateSignIn(graph: GraphChannel, userId: string, appId: string): Promise<WhatIfReading> {
  const body = {
    signInIdentity: { '@odata.type': '#microsoft.graph.userSignIn', userId },
    signInContext: { '@odata.type': '#microsoft.graph.applicationContext', includeApplications: [appId] },
    signInConditions: mount,
    appliedPoliciesOnly: false,
  };
  const answers: WhatIfAnswer[] = [];
  const asked = new Set<string>();
  try {
    let answer = await graph.send('POST', evaluatePath, body);
    for (;;) {
      if (answer.status !== 200) {
        return { state: 'unreadable', failure: failureOfStatus(answer.status, whatIfPermission) };
      }
      const read = page.safeParse(answer.body);
      if (!read.success) throw new MalformedAnswer('Microsoft Graph sent no list.');
      answers.push(...read.data.value.map(answerOf));
      const next = read.data['@odata.nextLink'];
      if (next === null) return { state: 'read', answers };
      if (asked.has(next)) throw new MalformedAnswer('Microsoft Graph sent the same next link twice.');
      asked.add(next);
      answer = await graph.send('GET', ownLink(graph.origin, next));
    }
  } catch (error) {
    return { state: 'unreadable', failure: failureOf(error, whatIfPermission) };
  }
}

/** A result is the policy itself with two members more. */
function answerOf(object: WireObject): WhatIfAnswer {
  const read = result.safeParse(object);
  if (!read.success) throw new MalformedAnswer('Microsoft Graph sent a result without an id.');
  const { id, policyApplies, analysisReasons } = read.data;
  return {
    policyId: id.toLowerCase(),
    applies: policyApplies,
    reasons: (analysisReasons ?? '')
      .split(',')
      .map((reason) => reason.trim())
      .filter((reason) => reason !== '' && reason !== 'notSet'),
    policy: policyIn(object),
  };
}

function policyIn(object: WireObject): ConditionalAccessPolicy | null {
  try {
    return parseConditionalAccessPolicy(object);
  } catch (error) {
    if (error instanceof WireMalformed) return null;
    throw error;
  }
}
