import type { z } from 'zod';
import type { JobMetricsAnswer } from '../../infra/api/remediation-operations/get-metrics.ts';
import type { JobSummaryDocument } from '../../infra/documents/job-document.ts';
import { pipelineSafe } from './pipeline-safe.ts';
import { table } from './table.ts';
import { durationText } from './time-text.ts';

/** Jobs for a terminal, in their order. */
export function jobsTable(jobs: readonly JobSummaryDocument[]): string {
  const rows = jobs.map(({ id, action, risk, state, dryRun, target, accounts, createdAt, report }) => [
    id,
    action,
    risk,
    dryRun && state === 'queued' ? 'queued (dry run)' : state,
    target.name,
    accounts.map(({ name }) => name).join(', '),
    createdAt?.replace(/\.\d+Z$/u, 'Z') ?? '-',
    report?.reason ?? '',
  ]);
  const header = ['id', 'action', 'risk', 'state', 'writes to', 'accounts', 'planned', 'reason'];
  return table(
    header,
    rows.map((row) => row.map(pipelineSafe)),
  );
}

/** What became of the jobs of each action, then why some did not end well. */
export function metricsTable({ actions }: z.infer<typeof JobMetricsAnswer>): string {
  const rows = actions.map((of) => [
    of.action,
    ...[
      of.planned,
      of.waiting,
      of.approved,
      of.dryRun,
      of.done,
      of.verified,
      of.failed,
      of.refused,
      of.withdrawn,
      of.undone,
    ].map(String),
    of.timeToRepairMs === null
      ? '-'
      : `${durationText(of.timeToRepairMs.p50)} (95 % within ${durationText(of.timeToRepairMs.p95)})`,
  ]);
  const header = [
    'action',
    'planned',
    'waiting',
    'approved',
    'dry run',
    'done',
    'verified',
    'failed',
    'refused',
    'withdrawn',
    'undone',
    'time to repair',
  ];
  const reasons = actions.flatMap(({ action, reasons: of }) =>
    of.map(({ reason, jobs }) => [String(jobs), pipelineSafe(action), pipelineSafe(reason)]),
  );
  const why =
    reasons.length === 0
      ? ''
      : `\n\nWhy jobs failed or were refused\n\n${table(['jobs', 'action', 'reason'], reasons)}`;
  return `${table(
    header,
    rows.map((row) => row.map(pipelineSafe)),
  )}${why}`;
}
