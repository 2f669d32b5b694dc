import { type Collection, collected, type Gap, unavailable } from '../../../domain/model/collection.ts';
import type { WireObject } from '../../estate-source.ts';
import { gap } from '../failure.ts';
import type { ArmClients } from './arm-client.ts';
import { readFileService } from './read-account.ts';

/** One subscription and region allow 800 reads in five minutes (domain facts 1.5); more at a time would only be refused. */
const atOnce = 8;

/**
 * The file services of these accounts, one request each. An account that is not there gives nothing; one that cannot be
 * read gives a gap whose scope is its id.
 *
 * @throws AccountIdInvalid, SignInRefused, AbortError
 */
export async function readFileServices(
  arm: ArmClients,
  accountIds: readonly string[],
): Promise<Collection<WireObject>> {
  const services: WireObject[] = [];
  const gaps: Gap[] = [];
  const waiting = accountIds.values();

  async function readInTurn(): Promise<void> {
    for (const accountId of waiting) {
      const reading = await readFileService(arm, accountId);
      if (reading.state === 'found') services.push(reading.resource);
      if (reading.state === 'unreadable') gaps.push(gap('file-services', accountId.toLowerCase(), reading.failure));
    }
  }

  await Promise.all(Array.from({ length: Math.min(atOnce, accountIds.length) }, readInTurn));
  return services.length === 0 && gaps.length > 0 ? unavailable(...gaps) : collected(services, gaps);
}
