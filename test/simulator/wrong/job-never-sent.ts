import type { Wrong } from './wrong.ts';

/** Stores jobs and sends none. */
export function jobNeverSent(): Wrong {
  return {
    parts: (parts) => ({ ...parts, messages: { ...parts.messages, job: () => Promise.resolve() } }),
  };
}
