import type { Message } from 'rhea';
import { Refusal } from '../refusal.ts';

/** The fields of a management request's body, read as the type the operation needs. */
export class RequestFields {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(request: Message) {
    const body: unknown = request.body;
    this.#fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  }

  text(name: string): string {
    return this.optionalText(name) ?? this.#missing(name);
  }

  optionalText(name: string): string | undefined {
    const value = this.#fields[name];
    return typeof value === 'string' ? value : undefined;
  }

  number(name: string): number {
    return toNumber(this.#fields[name]) ?? this.#missing(name);
  }

  numbers(name: string): number[] {
    return this.#list(name).map((value) => toNumber(value) ?? this.#missing(name));
  }

  uuids(name: string): Buffer[] {
    return this.#list(name).map((value) => (Buffer.isBuffer(value) ? value : this.#missing(name)));
  }

  bytes(name: string): Buffer | undefined {
    const value = this.#fields[name];
    return Buffer.isBuffer(value) ? value : undefined;
  }

  map(name: string): Readonly<Record<string, unknown>> {
    const value = this.#fields[name];
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  }

  maps(name: string): Readonly<Record<string, unknown>>[] {
    return this.#list(name).map((value) => value as Readonly<Record<string, unknown>>);
  }

  #list(name: string): readonly unknown[] {
    const value = this.#fields[name];
    return Array.isArray(value) ? value : this.#missing(name);
  }

  #missing(name: string): never {
    throw new Refusal('com.microsoft:argument-error', `The management request lacks a usable '${name}'.`);
  }
}

/** rhea reads longs as numbers where they fit and as eight bytes where they do not. */
function toNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return Buffer.isBuffer(value) && value.length === 8 ? Number(value.readBigInt64BE()) : undefined;
}
