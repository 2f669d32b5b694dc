/** The broker does not answer. What was to be sent is still stored: send it again later, under the same id. */
export class BrokerUnreachable extends Error {
  override readonly name = 'BrokerUnreachable';
  readonly host: string;

  constructor(host: string, entity: string, reason: string, cause: unknown) {
    super(
      `Service Bus at ${host} cannot be reached for ${entity} (${reason}). ` +
        'Check that the namespace exists, that its network rules let this app in, and that ServiceBusConnection names it.',
      { cause },
    );
    this.host = host;
  }
}

/** What the SDK says of no answer, or none of use; then what sockets and name servers say. */
const unreachable = /^(?:ServiceCommunicationProblem|ServiceTimeout|ServiceBusy|OperationTimeoutError|E[A-Z_]{3,})$/;

/** What to throw for an error of the SDK: `BrokerUnreachable` when no usable answer came, else the error itself. */
export function brokerError(error: unknown, host: string, entity: string): unknown {
  const reason = attemptsOf(error)
    .map(reasonOf)
    .find((code) => unreachable.test(code));
  return reason === undefined ? error : new BrokerUnreachable(host, entity, reason, error);
}

/** A send that was tried several times fails with what each try failed with. */
function attemptsOf(error: unknown): unknown[] {
  return error instanceof AggregateError ? error.errors.toReversed() : [error];
}

/** The error's code; a socket's own comes as a general error whose message begins with it. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return code === 'GeneralError' || code === '' ? (/^(\w+): /.exec(error.message)?.[1] ?? code) : code;
}
