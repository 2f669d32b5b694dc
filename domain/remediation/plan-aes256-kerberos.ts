import type { FileService } from '../model/resources.ts';
import type { Json } from '../model/verdict.ts';
import { kerberosAes256Allowed } from '../rules/kerberos-aes256-allowed.ts';
import type { RuleContext } from '../rules/rule.ts';
import { none, type Planned, planned } from './planned.ts';
import { accountPath } from './plan-url.ts';

type JsonObject = Readonly<Record<string, Json>>;

const needed = { authenticationMethods: 'Kerberos', kerberosTicketEncryption: 'AES-256' } as const;

/**
 * Lets Kerberos and AES-256 into the SMB settings of the file service (domain facts 5). The PUT replaces all properties,
 * and one that is not sent is lost, CORS rules among them: all go back as they came, with a word added to a list or two.
 */
export function planAes256Kerberos(context: RuleContext): Planned {
  const { account, resources } = context;
  const { outcome, title } = kerberosAes256Allowed.evaluate(context);
  if (outcome !== 'fail') return none(title);
  const { service } = resources.fileServiceOf(account);
  if (service === null) return none('The SMB settings of the file service were not read');
  const properties = service.asRead;
  if (properties === undefined) return none('The file service was stored without all of its properties; read it again');
  for (const member of ['cors', 'shareDeleteRetentionPolicy', 'protocolSettings']) {
    if (objectOf(properties[member]) === null) {
      return none(`The file service shows no ${member}, so writing it back might lose it`);
    }
  }
  const changed = changedLists(service, objectOf(objectOf(properties['protocolSettings'])?.['smb']) ?? {});
  if (changed === null) return none('The SMB settings are no lists of words, as they were documented');
  const protocolSettings = objectOf(properties['protocolSettings']) ?? {};
  const smb = { ...objectOf(protocolSettings['smb']), ...changed.after };
  const after = { ...properties, protocolSettings: { ...protocolSettings, smb } };
  const url = accountPath(account.key, '/fileServices/default');
  return planned(
    {
      action: 'allow-aes256-kerberos',
      risk: 'disruptive',
      target: { type: 'storageAccount', id: account.key, name: account.name },
      calls: [
        {
          method: 'PUT',
          url,
          body: { properties: after },
          permission: 'Microsoft.Storage/storageAccounts/fileServices/write',
          // Whole, so that a property that somebody adds meanwhile is not lost.
          reads: { url, expect: { '/properties': properties }, afterwards: { '/properties': after } },
          undo: { method: 'PUT', url, body: { properties } },
          before: changed.before,
          after: changed.after,
        },
      ],
    },
    account,
  );
}

interface ChangedLists {
  readonly before: Readonly<Record<string, string>>;
  readonly after: Readonly<Record<string, string>>;
}

/** The lists that lack their word; one that is not set allows everything and stays so. null where one is no text. */
function changedLists(service: FileService, smb: JsonObject): ChangedLists | null {
  const before: Record<string, string> = {};
  const after: Record<string, string> = {};
  for (const member of ['authenticationMethods', 'kerberosTicketEncryption'] as const) {
    const word = needed[member];
    const words = service[member];
    if (words === null || words.some((one) => one.toLowerCase() === word.toLowerCase())) continue;
    const text = smb[member];
    if (typeof text !== 'string') return null;
    before[member] = text;
    after[member] = /;\s*$/u.test(text) ? `${text}${word};` : `${text};${word}`;
  }
  return { before, after };
}

function objectOf(value: Json | undefined): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}
