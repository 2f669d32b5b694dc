/** The AMQP error conditions this broker answers with; the client's own error codes derive from them. */
export type RefusalCondition =
  | 'amqp:not-found'
  | 'amqp:not-allowed'
  | 'amqp:not-implemented'
  | 'amqp:link:message-size-exceeded'
  | 'com.microsoft:argument-error'
  | 'com.microsoft:message-lock-lost'
  | 'com.microsoft:message-not-found'
  | 'com.microsoft:session-cannot-be-locked'
  | 'com.microsoft:session-lock-lost'
  | 'com.microsoft:timeout';

/** A request the broker turns down. It travels to the client as an AMQP error, so `condition` is what callers act on. */
export class Refusal extends Error {
  readonly condition: RefusalCondition;

  constructor(condition: RefusalCondition, message: string) {
    super(message);
    this.name = 'Refusal';
    this.condition = condition;
  }
}

/** The client recognises exactly this wording as MessagingEntityNotFound (core-amqp `errors.ts`). */
export function entityNotFound(path: string): Refusal {
  return new Refusal('amqp:not-found', `The messaging entity '${path}' could not be found.`);
}

export function messageLockLost(entityPath: string): Refusal {
  return new Refusal(
    'com.microsoft:message-lock-lost',
    `The lock supplied for '${entityPath}' is invalid: it expired, or the message was already settled.`,
  );
}

export function messageNotFound(entityPath: string, sequenceNumber: number): Refusal {
  return new Refusal(
    'com.microsoft:message-not-found',
    `Message ${sequenceNumber} is not available in '${entityPath}'.`,
  );
}

export function sessionLockLost(entityPath: string, sessionId: string): Refusal {
  return new Refusal(
    'com.microsoft:session-lock-lost',
    `The lock on session '${sessionId}' of '${entityPath}' has expired or is held by nobody.`,
  );
}

export function sessionCannotBeLocked(entityPath: string, sessionId: string): Refusal {
  return new Refusal(
    'com.microsoft:session-cannot-be-locked',
    `Session '${sessionId}' of '${entityPath}' is locked by another receiver.`,
  );
}
