import { app } from '@azure/functions';

import * as api from './api.ts';
import * as auditWork from './audit-work.ts';
import * as deliverAlert from './deliver-alert.ts';
import * as directoryWatch from './directory-watch.ts';
import * as dispatchOutbox from './dispatch-outbox.ts';
import * as nightlyAudit from './nightly-audit.ts';
import * as remediate from './remediate.ts';
import * as remediationApi from './remediation-api.ts';
import * as remediationResults from './remediation-results.ts';
import { closeServices } from './services.ts';
import * as storageAccountChanged from './storage-account-changed.ts';
import * as sweep from './sweep.ts';
import * as withdrawJobs from './withdraw-jobs.ts';

const auditor = [
  nightlyAudit,
  directoryWatch,
  storageAccountChanged,
  auditWork,
  dispatchOutbox,
  sweep,
  deliverAlert,
  remediationResults,
  api,
];
const remediator = [remediate, remediationApi, withdrawJobs];

// A wrong role registers the functions that cannot write; their handlers then say what is wrong with it.
const role = process.env['KERBWATCH_ROLE'];
const registered = role === 'remediator' ? remediator : role === 'all' ? [...auditor, ...remediator] : auditor;
for (const { register } of registered) register();

app.hook.appTerminate(closeServices);
