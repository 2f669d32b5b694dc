/** The broker does not answer. What was to be sent is still stored: send it again later, under the same id. */
export class BrokerUnreachable extends Error {
  override readonly name = 'BrokerUnreachable';
  readonly host: string;

  constructor(host: string, entity: string, cause: unknown) {
    const code = codeOf(cause);
    super(
      `Service Bus at ${host} cannot be reached for ${entity}${code === null ? '' : ` (${code})`}. ` +
        'Check that the namespace exists, that its network rules let this app in, and that ServiceBusConnection names it.',
      { cause },
    );
    this.host = host;
  }
}

/** Codes of `@azure/service-bus` for no answer, or none of use; then what sockets and name servers say. */
const unreachable = /^(?:ServiceCommunicationProblem|ServiceTimeout|ServiceBusy|E[A-Z_]+)$/;

/** What to throw for an error of the SDK: `BrokerUnreachable` when no usable answer came, else the error itself. */
export function brokerError(error: unknown, host: string, entity: string): unknown {
  const code = codeOf(error);
  return code !== null && unreachable.test(code) ? new BrokerUnreachable(host, entity, error) : error;
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
