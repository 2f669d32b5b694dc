import type { Simulation } from '../simulation.ts';
import { smbWords } from '../tenant/file-service.ts';
import { valueAfter } from '../tenant/journal.ts';
import type { LiveAccount } from '../tenant/live.ts';

/** What of the tenant an action may change, and how. `before` and `after` are texts of the journal; null: it was, or is, not there. */
interface Allowed {
  readonly place: RegExp;
  readonly isAllowed: (before: string | null, after: string | null) => boolean;
}

const entries = (text: string | null, separator: string): readonly string[] =>
  text === null || text === '' ? [] : text.split(separator);

const adds =
  (separator: string) =>
  (before: string | null, after: string | null): boolean =>
    before !== null &&
    after !== null &&
    entries(before, separator).every((one) => entries(after, separator).includes(one));

const removes = (before: string | null, after: string | null): boolean => adds(',')(after, before);

/** By what each action is for (docs/remediation.md), whatever its plan says. */
const allowed: Readonly<Record<string, Allowed>> = {
  'grant-consent': { place: /\.consent /, isAllowed: (before, after) => before === null && after !== null },
  'add-missing-scopes': { place: /\.consent /, isAllowed: adds(' ') },
  'add-privatelink-uris': { place: /\.names$/, isAllowed: adds(',') },
  'add-cloud-group-tag': { place: /\.tags$/, isAllowed: adds(',') },
  'assignment-not-required': { place: /\.assignmentRequired$/, isAllowed: (_, after) => after === 'false' },
  'exclude-app-from-policy': { place: /^policy\.excluded$/, isAllowed: adds(',') },
  'remove-orphaned-exclusion': { place: /^policy\.excluded$/, isAllowed: removes },
  'replace-dangling-exclusion': {
    place: /^policy\.excluded$/,
    isAllowed: (before, after) => entries(after, ',').length <= entries(before, ',').length,
  },
  'allow-aes256-kerberos': { place: /^files /, isAllowed: keepsTheRest },
};

/** What was changed in so short a time may not have been seen. */
const lastInstant = 15 * 60_000;

/** A write changes one thing, of the kind that its action is for, and takes nothing away that it is not for. */
export function writesChangeOnly({ written, tenant, violations }: Simulation): void {
  for (const { job, step, at } of written) {
    const { action } = job.plan;
    if (job.undoOf !== undefined) continue;
    const about = allowed[action];
    const changed = tenant.journal[step]?.changed ?? [];
    if (changed.length > 1) violations.add(`${action} changed ${changed.map(([place]) => place).join(' and ')}`);
    const seen = tenant.journal.findLastIndex((one) => one.at <= at - lastInstant);
    for (const [place, after] of changed) {
      const steps = Array.from({ length: step - seen }, (_, index) => seen + index);
      const befores = steps.map((one) => valueAfter(tenant, place, one));
      if (about?.place.test(place) !== true || !befores.some((before) => about.isAllowed(before, after)))
        violations.add(`${action} changed ${place} from ${String(befores.at(-1))} to ${String(after)}`);
    }
  }
}

/** CORS rules and retention stay, and of the SMB settings only words are added. */
function keepsTheRest(before: string | null, after: string | null): boolean {
  if (before === null || after === null) return false;
  const [was, is] = [before, after].map((text) => JSON.parse(text) as LiveAccount['files']);
  if (was === undefined || is === undefined) return false;
  const { authenticationMethods: hadMethods, kerberosTicketEncryption: hadEncryption } = smbWords(was);
  const { authenticationMethods, kerberosTicketEncryption } = smbWords(is);
  return (
    JSON.stringify({ ...was, protocolSettings: null }) === JSON.stringify({ ...is, protocolSettings: null }) &&
    hadMethods.every((word) => authenticationMethods.includes(word)) &&
    hadEncryption.every((word) => kerberosTicketEncryption.includes(word))
  );
}
