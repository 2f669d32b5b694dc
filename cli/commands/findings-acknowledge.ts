import { onlyThis } from '../../domain/audit/named-findings.ts';
import { acknowledge, unacknowledge } from '../../domain/audit/acknowledge.ts';
import type { FindingChanged } from '../../domain/audit/change-finding.ts';
import type { Actor } from '../../domain/findings/finding.ts';
import type { Store } from '../../infra/store.ts';
import { apiAddress } from '../api/api-address.ts';
import { exitCode } from '../exit-code.ts';
import { findToChange } from '../find-finding.ts';
import type { Io } from '../io.ts';
import { withLocalStore } from '../open-store.ts';
import { findingDocument } from '../../infra/documents/finding-document.ts';
import { findingText } from '../report/finding-text.ts';
import { jsonOf } from '../report/json-of.ts';
import { painterFor } from '../report/paint.ts';
import { aroundFinding } from './findings.ts';
import { actorAtTerminal } from './terminal-actor.ts';

export interface AcknowledgeOptions {
  readonly note: string;
  readonly format: 'table' | 'json';
}

/** Marks a finding as known. @returns the exit code */
export async function acknowledgeFinding(typed: string, { note, format }: AcknowledgeOptions, io: Io): Promise<number> {
  const api = apiAddress(io.env);
  if (api !== null) return (await throughApi()).acknowledgeThroughApi(api, typed, note, format, io);
  return change('ack', typed, format, io, (findingId, by, store) =>
    acknowledge({ findingId, note, by }, { findings: store, now: io.now }),
  );
}

/** Takes that back. @returns the exit code */
export async function unacknowledgeFinding(
  typed: string,
  { format }: Pick<AcknowledgeOptions, 'format'>,
  io: Io,
): Promise<number> {
  const api = apiAddress(io.env);
  if (api !== null) return (await throughApi()).acknowledgeThroughApi(api, typed, null, format, io);
  return change('unack', typed, format, io, (findingId, by, store) =>
    unacknowledge({ findingId, by }, { findings: store, now: io.now }),
  );
}

const throughApi = () => import('../api/acknowledgement.ts');

async function change(
  command: string,
  typed: string,
  format: AcknowledgeOptions['format'],
  io: Io,
  act: (findingId: string, by: Actor, store: Store['findings']) => Promise<FindingChanged>,
): Promise<number> {
  return withLocalStore(io, `findings ${command}`, async (store) => {
    const meant = await findToChange(typed, store.findings);
    const by = await actorAtTerminal();
    const { finding, transition } = await act(meant.id, by, onlyThis(meant, store.findings));
    if (transition === null) io.stderr.write(`${finding.id} was ${finding.state} already; nothing changed.\n`);
    const around = await aroundFinding(finding, store, io);
    if (format === 'json') {
      io.stdout.write(jsonOf({ schema: 'kerbwatch.finding/v1', ...findingDocument(finding, around.lastSeenAt) }));
    } else {
      io.stdout.write(`${findingText(finding, around, painterFor(io.stdout, io.env))}\n`);
    }
    return exitCode.clean;
  });
}
