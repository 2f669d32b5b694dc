import type { Slot } from '../instance.ts';
import type { Simulation } from '../simulation.ts';
import { signedIn } from './signed-in.ts';

/** Asks the remediator's API as that person. An answer that says that it failed is a failure where nothing was in its way. */
export async function askApi(
  { trace, violations }: Simulation,
  slot: Slot,
  by: string,
  method: string,
  path: string,
  body: object | null = null,
): Promise<{ readonly status: number; readonly document: unknown }> {
  const log = {
    warn: (said: string): void => {
      if (trace.isOn) trace.say(slot.name(), said);
    },
  };
  const disturbance = slot.disturbance();
  const { status, body: text } = await slot.services.remediationApi.handle(
    {
      method,
      url: `https://remediator.example/api/remediation/v1${path}`,
      headers: signedIn(by),
      body: body === null ? null : bytesOf(body),
    },
    log,
  );
  if (trace.isOn) trace.say(slot.name(), `${method} ${path}: ${String(status)}`);
  if (status >= 500 && !disturbance.isDisturbed)
    violations.add(`${method} ${path} answered ${String(status)} although nothing was in its way: ${text}`);
  return { status, document: JSON.parse(text) };
}

async function* bytesOf(body: object): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(JSON.stringify(body)));
}
