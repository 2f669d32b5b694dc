/** An event of the subscription system topic, in the Event Grid schema. */
export interface EventGridEvent {
  readonly id: string;
  readonly topic: string;
  readonly subject: string;
  readonly eventType: string;
  readonly eventTime: string;
  readonly data: {
    readonly authorization: { readonly scope: string; readonly action: string; readonly evidence: { role: string } };
    readonly claims: Readonly<Record<string, string>>;
    readonly correlationId: string;
    readonly httpRequest: {
      readonly clientRequestId: string;
      readonly clientIpAddress: string;
      readonly method: string;
      readonly url: string;
    };
    readonly resourceProvider: string;
    readonly resourceUri: string;
    readonly operationName: string;
    readonly status: 'Succeeded';
    readonly subscriptionId: string;
    readonly tenantId: string;
  };
  readonly dataVersion: '2';
  readonly metadataVersion: '1';
}
