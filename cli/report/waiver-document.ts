import type { Waiver } from '../../domain/findings/waiver.ts';
import { isoTime } from './time-text.ts';

/** A waiver as JSON. */
export function waiverDocument({ id, scope, reason, owner, from, until, ...waiver }: Waiver): object {
  const { approval, removed } = waiver;
  return {
    id,
    scope,
    reason,
    owner,
    from: isoTime(from),
    until: isoTime(until),
    createdBy: waiver.createdBy,
    createdAt: isoTime(waiver.createdAt),
    approval: approval.state === 'approved' ? { ...approval, at: isoTime(approval.at) } : approval,
    removed: removed === null ? null : { by: removed.by, at: isoTime(removed.at) },
  };
}
