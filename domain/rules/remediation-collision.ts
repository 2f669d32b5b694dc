import type { Collision } from '../model/collision.ts';
import type { OperationRule, SubjectVerdict } from './rule.ts';
import { verdict } from './verdicts.ts';

/** A repair and somebody else's change met in the same instant, which no precondition can rule out where there is no ETag. */
export const remediationCollision: OperationRule = {
  about: 'operation',
  id: 'remediation-collision',
  statement: 'No repair met a change that somebody else made in the same instant',
  why: 'Between the last read before a write and the write itself somebody may change the same object. The read after the write tells, or the audit records do later, and a person has to decide which of the two values is right.',
  severity: 'critical',
  needs: [],
  helpedBy: [],
  symptom: null,
  remediation: { summary: 'Compare both values, put the right one in place, then release the action', action: null },
  thresholds: {},
  evaluate: ({ collisions = [] }) => ({
    subjects: collisions.map(told),
    // A run looks at no collision: it neither finds nor closes one.
    others: verdict('unknown', remediationCollision.severity, 'Only the remediator sees collisions'),
  }),
};

function told({ jobId, action, target, wanted, found, at, cleared }: Collision): SubjectVerdict {
  const subject = target.id.toLowerCase();
  if (cleared) {
    const title = `A person looked at ${target.name} and released ${action}`;
    return { subject, verdict: verdict('pass', remediationCollision.severity, title) };
  }
  return {
    subject,
    verdict: verdict(
      'fail',
      remediationCollision.severity,
      `Somebody changed ${target.name} while ${action} wrote to it; the action is stopped`,
      {
        evidence: {
          jobId,
          action,
          targetType: target.type,
          targetId: target.id,
          wanted,
          found,
          at: new Date(at).toISOString(),
        },
        deciders: [jobId],
      },
    ),
  };
}
