import { z } from 'zod';

/** How a CloudEvent in structured mode says what it is. */
export const cloudEventContentType = 'application/cloudevents+json; charset=utf-8';

/** An instant as our messages carry it: ISO 8601, UTC. */
export const Instant = z.iso.datetime();

/** One schema for every member that may hold anything, by which the published schemas know it. */
export const AnyJson = z.json();

/** CloudEvents 1.0, structured, of one type. */
export function cloudEvent<T extends string, D extends z.ZodType>(type: T, data: D) {
  return z.object({
    specversion: z.literal('1.0'),
    id: z.string().min(1),
    source: z.string().min(1),
    type: z.literal(type),
    subject: z.string().min(1).optional(),
    time: Instant,
    datacontenttype: z.literal('application/json'),
    data,
  });
}

/** What all our events share. @param at epoch milliseconds. */
export function envelope(id: string, tenantId: string, at: number) {
  return {
    specversion: '1.0',
    id,
    source: `/kerbwatch/${tenantId}`,
    time: instant(at),
    datacontenttype: 'application/json',
  } as const;
}

/** @param at epoch milliseconds. */
export function instant(at: number): string {
  return new Date(at).toISOString();
}
