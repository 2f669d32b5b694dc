import { graphCall, look, signIn } from './calls.ts';
import { shown } from './shell.ts';
import { aboutSubject, type ManualTask, nothingToTakeBack } from './task.ts';

/** Which of two values that met is right, only the people who wanted them know. @param subject id of the object */
export function collision(tenantId: string, subject: string, why: string): ManualTask {
  return {
    runbook: 'collision',
    title: `Decide between two changes of ${shown(subject)} that met`,
    why,
    about: aboutSubject(subject),
    rights: 'Reports Reader for the audit log; to change the object what its own change takes.',
    breaks: 'Nothing by itself: the action stays stopped until it is released.',
    steps: [
      signIn(tenantId, null, ['AuditLog.Read.All']),
      look(
        'See who changed the object, beside the remediator.',
        graphCall('GET', '/v1.0/auditLogs/directoryAudits'),
        'The audit log names somebody within a minute of the time in the finding; for a storage account its activity log does.',
      ),
      {
        does: 'Compare both values of the finding with the object, ask whoever changed it, and put the right value in place by hand.',
        commands: [],
        check: 'The object holds what both wanted.',
        back: 'Put back the value that was found.',
      },
      {
        does: 'Release the action in the remediator.',
        commands: [],
        check: 'The finding is resolved; the next audit plans the repair anew where it is still needed.',
        back: nothingToTakeBack,
      },
    ],
  };
}
