/** A person decided that an attempt of a job must not run after all. It wins over every approval, and is never taken back. */
export interface CallOff {
  readonly jobId: string;
  readonly attempt: number;
  /** Object id, lower case. */
  readonly by: string;
  /** Epoch milliseconds, UTC. */
  readonly at: number;
  readonly note: string | null;
}

/** Why a job must not run that a person called off, without what they wrote; null where nobody did. */
export async function whyCalledOff(
  { jobId, attempt }: Pick<CallOff, 'jobId' | 'attempt'>,
  { approvals }: { readonly approvals: { calledOff(jobId: string, attempt: number): Promise<CallOff | null> } },
): Promise<string | null> {
  const callOff = await approvals.calledOff(jobId, attempt);
  return callOff === null ? null : reasonOf(callOff);
}

/** Who and when; what they wrote stays in the row. */
export function reasonOf({ by, at }: CallOff): string {
  return `${by} called the job off at ${new Date(at).toISOString()}`;
}
