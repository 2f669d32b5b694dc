import { type Failure, failureOfAnswer, MalformedAnswer, statusOf } from '../failure.ts';
import { isWireObject } from '../wire-object.ts';
import type { WireObject } from '../../estate-source.ts';
import type { ArmClients } from './arm-client.ts';

export type PrivateEndpointReading =
  | { readonly state: 'found'; readonly endpoint: WireObject }
  | { readonly state: 'unreadable'; readonly failure: Failure };

/**
 * One private endpoint, through ARM. One that is gone is unreadable as well: nobody has to prove its absence.
 *
 * @param endpointId ARM id, any case.
 * @throws SignInRefused, AbortError
 */
export async function readPrivateEndpoint(arm: ArmClients, endpointId: string): Promise<PrivateEndpointReading> {
  try {
    const endpoint = await arm.get(`${endpointId}?api-version=2024-05-01`);
    if (!isWireObject(endpoint)) throw new MalformedAnswer('The answer is no JSON object.');
    return { state: 'found', endpoint };
  } catch (error) {
    const failure = failureOfAnswer(error, statusOf(error), 'Microsoft.Network/privateEndpoints/read');
    return { state: 'unreadable', failure };
  }
}
