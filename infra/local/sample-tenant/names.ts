import { createHash } from 'node:crypto';

/** A GUID that looks random and is the same for the same name in every run. */
export function guidFor(name: string): string {
  const hex = createHash('sha256').update(`contoso/${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export const sampleTenantId = guidFor('tenant');

const dayMilliseconds = 24 * 60 * 60 * 1000;

export function daysFrom(now: Date, days: number): Date {
  return new Date(now.getTime() + days * dayMilliseconds);
}
