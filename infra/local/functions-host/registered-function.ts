import type { Registration } from './core-api.ts';
import { MissingAppSettingError, UnsupportedBindingError } from './errors.ts';
import type { RpcBinding } from './worker-protocol.ts';

/** What sets a function off, with every `%SETTING%` replaced by its value. */
export type Trigger =
  | { readonly type: 'timer'; readonly schedule: string }
  | { readonly type: 'http'; readonly route: string; readonly methods: readonly string[] }
  | { readonly type: 'eventGrid' }
  | { readonly type: 'serviceBusQueue'; readonly queue: string; readonly sessions: boolean }
  | {
      readonly type: 'serviceBusTopic';
      readonly topic: string;
      readonly subscription: string;
      readonly sessions: boolean;
    };

export interface RegisteredFunction<T extends Trigger = Trigger> {
  readonly name: string;
  readonly trigger: T;
  /** The name under which the trigger's input is passed. */
  readonly bindingName: string;
  readonly registration: Registration;
}

export type TriggerOf<Type extends Trigger['type']> = Extract<Trigger, { readonly type: Type }>;

/** Narrows to the functions with one of these triggers. */
export function withTrigger<Type extends Trigger['type']>(
  functions: readonly RegisteredFunction[],
  ...types: readonly Type[]
): RegisteredFunction<TriggerOf<Type>>[] {
  const wanted: readonly string[] = types;
  return functions.filter((entry): entry is RegisteredFunction<TriggerOf<Type>> => wanted.includes(entry.trigger.type));
}

/**
 * Reads one registration as the platform indexes it.
 * @throws MissingAppSettingError, UnsupportedBindingError
 */
export function indexFunction(
  registration: Registration,
  appSettings: Readonly<Record<string, string>>,
): RegisteredFunction {
  const { name, bindings } = registration.metadata;
  const found = Object.entries(bindings).find(([, binding]) => binding.type.endsWith('Trigger'));
  if (found === undefined) throw new UnsupportedBindingError(name, 'it has no trigger.');
  const [bindingName, binding] = found;
  for (const [key, other] of Object.entries(bindings)) {
    if (key !== bindingName && other.type !== 'http') {
      throw new UnsupportedBindingError(
        name,
        `the binding "${key}" (${other.type}) is not supported by the local host; read and send through an SDK in the handler.`,
      );
    }
  }
  return { name, bindingName, registration, trigger: readTrigger(name, binding, appSettings) };
}

function readTrigger(name: string, binding: RpcBinding, appSettings: Readonly<Record<string, string>>): Trigger {
  const text = (property: string): string | undefined => {
    const value = binding[property];
    return typeof value === 'string' ? resolveSettings(name, property, value, appSettings) : undefined;
  };
  const required = (property: string): string => {
    const value = text(property);
    if (value === undefined) throw new UnsupportedBindingError(name, `its trigger has no ${property}.`);
    return value;
  };
  switch (binding.type) {
    case 'timerTrigger':
      return { type: 'timer', schedule: required('schedule') };
    case 'httpTrigger': {
      const methods = Array.isArray(binding['methods']) ? binding['methods'].map(String) : [];
      return { type: 'http', route: text('route') ?? name, methods: methods.map((method) => method.toUpperCase()) };
    }
    case 'eventGridTrigger':
      return { type: 'eventGrid' };
    case 'serviceBusTrigger': {
      requireOneByOne(name, binding);
      requireConnection(name, binding['connection'], appSettings);
      const sessions = binding['isSessionsEnabled'] === true;
      const queue = text('queueName');
      if (queue !== undefined) return { type: 'serviceBusQueue', queue, sessions };
      return {
        type: 'serviceBusTopic',
        topic: required('topicName'),
        subscription: required('subscriptionName'),
        sessions,
      };
    }
    default:
      throw new UnsupportedBindingError(name, `the trigger ${binding.type} is not supported by the local host.`);
  }
}

function resolveSettings(
  name: string,
  property: string,
  value: string,
  appSettings: Readonly<Record<string, string>>,
): string {
  return value.replace(/%([^%]+)%/g, (_match, setting: string) => {
    const resolved = appSettings[setting];
    if (resolved === undefined) throw new MissingAppSettingError(name, property, setting);
    return resolved;
  });
}

function requireOneByOne(name: string, binding: RpcBinding): void {
  const refused = [
    [binding['cardinality'] === 'many', 'cardinality "many"'],
    [binding['autoCompleteMessages'] === false, 'autoCompleteMessages: false'],
    [binding['sdkBinding'] === true, 'sdkBinding: true'],
  ] as const;
  for (const [present, what] of refused) {
    if (present)
      throw new UnsupportedBindingError(name, `${what} is not supported by the local host; take messages one by one.`);
  }
}

/** A connection is a setting of that name, or in identity form settings that begin with it. */
function requireConnection(name: string, connection: unknown, appSettings: Readonly<Record<string, string>>): void {
  if (typeof connection !== 'string') throw new UnsupportedBindingError(name, 'its trigger has no connection.');
  const settings = Object.keys(appSettings);
  if (!settings.some((setting) => setting === connection || setting.startsWith(`${connection}__`))) {
    throw new MissingAppSettingError(name, 'connection', connection);
  }
}
