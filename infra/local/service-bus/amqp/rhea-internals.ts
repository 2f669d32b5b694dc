/**
 * Parts of rhea 3.0.5 that a broker needs and its typings leave out. Every use of an untyped member is in this file.
 */
import rhea, { type Connection, type Delivery, type link as Link, type Sender, type Typed } from 'rhea';

/** What we say in our own attach frame; rhea writes it after the event handler that may change it has returned. */
export interface LocalAttach {
  snd_settle_mode?: number;
  max_message_size?: number;
  properties?: Record<string, Typed>;
}

export function localAttach(link: Link): LocalAttach {
  return (link as unknown as { local: { attach: LocalAttach } }).local.attach;
}

/** Takes back the attach reply rhea has prepared but not yet written. `link.open()` makes it again. */
export function withholdAttach(link: Link): void {
  const { state } = link as unknown as { state: { local_open: boolean; open_requests: number } };
  state.local_open = false;
  state.open_requests = 0;
}

interface SenderCredit {
  readonly delivery_count: number;
  readonly credit: number;
}

/** The delivery count up to which the receiver lets us send. rhea's `credit` alone lags behind what was queued. */
export function creditLimit(sender: Sender): number {
  const { delivery_count, credit } = sender as unknown as SenderCredit;
  return delivery_count + credit;
}

/** How many deliveries have left for the socket on this link. */
export function flushedCount(sender: Sender): number {
  return (sender as unknown as SenderCredit).delivery_count;
}

/** Asks rhea to write what is pending on the connection. */
export function flush(connection: Connection): void {
  (connection as unknown as { _register: () => void })._register();
}

interface Outcomes {
  accepted: () => { described: () => object };
  rejected: (fields: { error: object }) => { described: () => object };
}

const outcomes = rhea.message as unknown as Outcomes;

export function acceptedOutcome(): object {
  return outcomes.accepted().described();
}

export function rejectedOutcome(condition: string, description: string): object {
  return outcomes.rejected({ error: { condition, description } }).described();
}

/**
 * Settles a delivery we sent. The receiver will not settle it again (it waits for us), so it is marked as settled on both
 * sides; otherwise rhea keeps its slot and the session stops after 2,048 deliveries.
 */
export function settleSent(delivery: Delivery, outcome: object): void {
  delivery.update(true, outcome);
  (delivery as unknown as { remote_settled: boolean }).remote_settled = true;
}
