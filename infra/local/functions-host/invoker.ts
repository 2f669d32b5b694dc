import { randomUUID } from 'node:crypto';
import { FunctionFailedError } from './errors.ts';
import type { Log } from './host-log.ts';
import type { FunctionsApp } from './load-app.ts';
import type { RegisteredFunction } from './registered-function.ts';
import type { FunctionCallback, InvocationResponse, RpcTypedData } from './worker-protocol.ts';

/** One finished call of a handler. */
export interface Invocation {
  readonly name: string;
  readonly invocationId: string;
  readonly startedAt: Date;
  readonly durationMs: number;
  readonly ok: boolean;
  readonly error?: unknown;
}

export interface Invoker {
  /** The last finished invocations, oldest first. */
  readonly invocations: readonly Invocation[];
  /** @throws FunctionFailedError with what the handler threw as its cause */
  invoke(
    target: RegisteredFunction,
    input: RpcTypedData,
    triggerMetadata?: Readonly<Record<string, RpcTypedData>>,
  ): Promise<InvocationResponse>;
  /** Resolves once no handler is running. */
  drained(): Promise<void>;
}

/** A host may stay up for days; its record of the past must not grow with them. */
const INVOCATIONS_KEPT = 10_000;

export function createInvoker(app: FunctionsApp, log: Log, clock: () => Date): Invoker {
  const invocations: Invocation[] = [];
  const running = new Set<Promise<unknown>>();

  async function call(
    target: RegisteredFunction,
    invocationId: string,
    input: RpcTypedData,
    triggerMetadata: Readonly<Record<string, RpcTypedData>>,
  ): Promise<InvocationResponse> {
    const invocation = await app.model.getInvocationModel({
      invocationId,
      metadata: target.registration.metadata,
      request: { invocationId, inputData: [{ name: target.bindingName, data: input }], triggerMetadata },
      log: (level, category, message) => {
        log({
          level,
          category: category === 'user' ? 'user' : 'system',
          message,
          functionName: target.name,
          invocationId,
        });
      },
    });
    const { context: invocationContext, inputs } = await invocation.getArguments();
    const hookData = {};
    const before: { functionCallback: FunctionCallback; inputs: unknown[] } & Record<string, unknown> = {
      hookData,
      invocationContext,
      inputs,
      functionCallback: target.registration.callback,
    };
    for (const hook of app.hooks('preInvocation')) await hook(before);
    const after: Record<string, unknown> = {
      hookData,
      invocationContext,
      inputs: before.inputs,
      result: null,
      error: null,
    };
    try {
      after['result'] = await invocation.invokeFunction(invocationContext, before.inputs, before.functionCallback);
    } catch (error) {
      after['error'] = error;
    }
    for (const hook of app.hooks('postInvocation')) await hook(after);
    if (after['error'] !== null && after['error'] !== undefined) throw after['error'] as Error;
    return invocation.getResponse(invocationContext, after['result']);
  }

  async function recorded(
    target: RegisteredFunction,
    input: RpcTypedData,
    triggerMetadata: Readonly<Record<string, RpcTypedData>>,
  ): Promise<InvocationResponse> {
    const { name } = target;
    const invocationId = randomUUID();
    const startedAt = clock();
    const record = (outcome: { ok: true } | { ok: false; error: unknown }): void => {
      invocations.push({
        name,
        invocationId,
        startedAt,
        durationMs: clock().getTime() - startedAt.getTime(),
        ...outcome,
      });
      if (invocations.length > INVOCATIONS_KEPT) invocations.shift();
    };
    try {
      const response = await call(target, invocationId, input, triggerMetadata);
      record({ ok: true });
      return response;
    } catch (error) {
      record({ ok: false, error });
      const failure = new FunctionFailedError(name, error);
      log({ level: 'error', category: 'host', message: failure.message, functionName: name, invocationId });
      throw failure;
    }
  }

  return {
    invocations,
    async invoke(target, input, triggerMetadata = {}) {
      const invocation = recorded(target, input, triggerMetadata);
      running.add(invocation);
      try {
        return await invocation;
      } finally {
        running.delete(invocation);
      }
    },
    async drained() {
      while (running.size > 0) await Promise.allSettled(running);
    },
  };
}
