/** What `kerbwatch audit --snapshot DIR --format json --out FILE` does, without its argument parsing. */
import { writeFile } from 'node:fs/promises';

import { auditDocument } from '../../cli/report/audit-document.ts';
import { auditEstate } from '../../domain/audit/audit-estate.ts';
import { readEstateFacts } from '../../infra/facts.ts';
import { defaultSettings } from '../../infra/settings/parse-settings.ts';
import { openDirectoryFiles } from '../../infra/snapshot/directory-files.ts';
import { openSnapshot } from '../../infra/snapshot/open-snapshot.ts';

const [directory = '', out = ''] = process.argv.slice(2);
const startedAt = Date.now();
const source = await openSnapshot(openDirectoryFiles(directory));
const facts = await readEstateFacts(source);
const audited = auditEstate(facts, defaultSettings(), source.capturedAt ?? startedAt, false);
const run = {
  id: 'bench',
  startedAt,
  finishedAt: Date.now(),
  tenantId: source.tenantId,
  source: source.kind,
  requests: source.requests,
};
await writeFile(out, `${JSON.stringify(auditDocument(run, audited), null, 2)}\n`);
