import type { Wrong } from './wrong.ts';

/** Takes a job that has ended for a fault that is mended: nobody looks again. */
export function nobodyVerifies(): Wrong {
  return {
    parts: (parts) => ({
      ...parts,
      messages: {
        ...parts.messages,
        auditWork: (work) => parts.messages.auditWork(work.filter(({ messageId }) => !messageId.startsWith('verify:'))),
      },
    }),
  };
}
