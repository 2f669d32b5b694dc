/** Who a bearer token stands for; the claims of the events that their changes raise. */
export interface LocalActor {
  readonly objectId: string;
  readonly appId: string;
  /** User principal name of a person, null for a workload. */
  readonly upn: string | null;
}

/** Which API a request is for; what requests are counted by. */
export type ApiKind = 'resourceGraph' | 'graph' | 'arm';
