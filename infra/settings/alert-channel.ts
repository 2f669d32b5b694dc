import { z } from 'zod';
import { severities } from '../../domain/model/verdict.ts';
import { isLoopback } from '../azure/loopback.ts';
import { subscriptions } from '../names.ts';
import { nearest } from '../nearest.ts';
import { named, oneOf } from './named.ts';

const channels = Object.values(subscriptions);

const channel = z.literal('webhook', {
  error: ({ input }) => {
    if (typeof input !== 'string') return `has to be one of ${channels.join(', ')}`;
    if (channels.some((name) => name === input)) return `"${input}" is not supported yet; "webhook" is`;
    return `"${input}" is not known; did you mean "${nearest(input, channels) ?? ''}"?`;
  },
});

const webhookUrl = z.string().superRefine((text, context) => {
  const problem = problemOf(URL.parse(text));
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
});

function problemOf(url: URL | null): string | null {
  if (url === null) return 'is not an address';
  if (url.username !== '' || url.password !== '') return 'must not hold a name or a password';
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))) return null;
  return 'has to begin with https:// (plain http only for this machine)';
}

/** One entry of `alerts`. */
export const alertChannel = named({
  channel,
  url: webhookUrl,
  secretSetting: z
    .string()
    .regex(/^[A-Za-z_]\w*$/u, 'has to be the name of the app setting that holds the signing secret, not the secret'),
  minimumSeverity: oneOf(severities).default('medium'),
});
