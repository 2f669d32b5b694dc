import type {
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  ProgrammingModel,
  WriteLog,
} from './worker-protocol.ts';

export interface Registration {
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
}

export type HookName = 'appStart' | 'appTerminate' | 'preInvocation' | 'postInvocation' | 'log';

/** What an app registered while it was loaded. */
export interface LoadedApp {
  readonly registrations: readonly Registration[];
  readonly model: ProgrammingModel | undefined;
  readonly hooks: (name: HookName) => readonly HookCallback[];
}

/** The object that the worker answers to `require('@azure/functions-core')`, and what was registered through it. */
export interface CoreApi {
  readonly exports: object;
  readonly app: LoadedApp;
}

/** Anything a version check in the library would look at; it only has to be newer than what the checks ask for. */
const WORKER_VERSION = '3.9.1';
const HOST_VERSION = '4.1048.0';

export function createCoreApi(log: WriteLog): CoreApi {
  const registrations: Registration[] = [];
  const hooks = new Map<string, HookCallback[]>();
  let model: ProgrammingModel | undefined;

  class Disposable {
    readonly #dispose: () => void;
    constructor(dispose: () => void) {
      this.#dispose = dispose;
    }
    dispose(): void {
      this.#dispose();
    }
  }

  function register<T>(list: T[], entry: T): Disposable {
    list.push(entry);
    return new Disposable(() => {
      const index = list.indexOf(entry);
      if (index >= 0) list.splice(index, 1);
    });
  }

  return {
    exports: {
      version: WORKER_VERSION,
      hostVersion: HOST_VERSION,
      Disposable,
      registerFunction: (metadata: FunctionMetadata, callback: FunctionCallback) =>
        register(registrations, { metadata, callback }),
      registerHook(name: string, callback: HookCallback) {
        const list = hooks.get(name) ?? [];
        hooks.set(name, list);
        return register(list, callback);
      },
      setProgrammingModel(next: ProgrammingModel) {
        model = next;
      },
      getProgrammingModel: () => model,
      log,
    },
    app: {
      registrations,
      get model() {
        return model;
      },
      hooks: (name) => hooks.get(name) ?? [],
    },
  };
}
