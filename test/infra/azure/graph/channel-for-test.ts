import type { TokenCredential } from '@azure/core-auth';
import { emptyCounts } from '../../../../infra/azure/request-counts.ts';
import { createGraphChannel, type GraphChannel } from '../../../../infra/azure/graph/graph-channel.ts';
import { staticToken } from '../../../../infra/azure/identity/static-token.ts';
import type { RequestCounts } from '../../../../infra/estate-source.ts';

export interface ChannelForTest {
  readonly graph: GraphChannel;
  readonly counts: RequestCounts;
  /** What was slept, in milliseconds; nothing really waits. */
  readonly slept: number[];
}

export function channelForTest(
  origin: string,
  options: { readonly paced?: boolean; readonly credential?: TokenCredential; readonly maxRetries?: number } = {},
): ChannelForTest {
  const counts = emptyCounts();
  const slept: number[] = [];
  const graph = createGraphChannel({
    endpoint: { origin, scope: `${origin}/.default` },
    credential: options.credential ?? staticToken('secret'),
    counts,
    paced: options.paced ?? false,
    waiting: {
      sleep: (milliseconds) => {
        slept.push(milliseconds);
        return Promise.resolve();
      },
      random: () => 0.5,
      maxRetries: options.maxRetries,
    },
  });
  return { graph, counts, slept };
}
