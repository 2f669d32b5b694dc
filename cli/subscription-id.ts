import { UsageError } from './exit-code.ts';

const guid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/u;

/** The subscription that `--subscription` names, lower case. @throws UsageError for what is no GUID */
export function subscriptionId(typed: string): string {
  const id = typed.trim().toLowerCase();
  if (guid.test(id)) return id;
  const given = id === '' ? "''" : typed;
  throw new UsageError(
    `--subscription ${given} is no subscription id: give the GUID, as in 11111111-2222-3333-4444-555555555555.`,
  );
}
