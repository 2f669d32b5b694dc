import { z } from 'zod';
import { severities } from '../../domain/model/verdict.ts';
import { isLoopback } from '../azure/loopback.ts';
import { subscriptions } from '../names.ts';
import { hasToBe, listOf, named, oneOf, unknownWord } from './named.ts';

const channels = Object.values(subscriptions);

const channel = z.literal('webhook', {
  error: ({ input }) => {
    if (typeof input !== 'string') return hasToBe('"webhook"').error({ input });
    if (channels.some((name) => name === input)) return `"${input}" is not supported yet; "webhook" is`;
    return unknownWord(input, channels);
  },
});

const webhookUrl = z.string(hasToBe('an address: https://…')).superRefine((text, context) => {
  const problem = problemOf(URL.parse(text));
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
});

function problemOf(url: URL | null): string | null {
  if (url === null) return 'is not an address; it has to begin with https://';
  if (url.username !== '' || url.password !== '') return 'must not hold a name or a password';
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url))) return null;
  return 'has to begin with https:// (plain http only for this machine)';
}

const settingName = 'the name of the app setting that holds the signing secret, not the secret';

const alertChannel = named({
  channel: channel.meta({ description: 'How alerts are sent; the other channels of the contract are not there yet.' }),
  url: webhookUrl.meta({ description: 'Where they are posted; https, or plain http to this machine.', format: 'uri' }),
  secretSetting: z
    .string(hasToBe(settingName))
    .regex(/^[A-Za-z_]\w*$/u, `has to be ${settingName}`)
    .meta({ description: 'Name of the app setting that holds the signing secret; the secret never stands here.' }),
  minimumSeverity: oneOf(severities)
    .default('medium')
    .meta({ description: 'Alerts below this severity are not sent.' }),
});

/** `alerts`: channels to different places; two to the same one would tell everything twice. */
export const alertChannels = listOf(alertChannel).superRefine((entries, context) => {
  const places = entries.map(({ url }) => URL.parse(url)?.href ?? url);
  for (const [index, place] of places.entries()) {
    const first = places.indexOf(place);
    if (first === index) continue;
    const message = `is that of alerts[${first}], which would be told everything twice; take one of the two out`;
    context.addIssue({ code: 'custom', path: [index, 'url'], message });
  }
});
