import Module from 'node:module';
import { pathToFileURL } from 'node:url';
import { createCoreApi, type LoadedApp } from './core-api.ts';
import { BundleLoadError, NoFunctionsError } from './errors.ts';
import type { ProgrammingModel, WriteLog } from './worker-protocol.ts';

type Load = (this: unknown, id: string, ...rest: unknown[]) => unknown;

// Node caches a module by its URL. A query of its own makes each load a fresh app, as a restarted worker would have.
let loads = 0;

export interface FunctionsApp extends LoadedApp {
  readonly model: ProgrammingModel;
}

/**
 * Imports the bundle as the platform's Node worker does: `@azure/functions` asks for '@azure/functions-core' by `require` at the first
 * registration, and the worker answers with its own object.
 * @throws BundleLoadError, NoFunctionsError
 */
export async function loadApp(bundle: string, log: WriteLog): Promise<FunctionsApp> {
  const core = createCoreApi(log);
  const restore = answerRequire('@azure/functions-core', core.exports);
  try {
    loads += 1;
    await import(/* @vite-ignore */ `${pathToFileURL(bundle).href}?load=${String(loads)}`);
  } catch (cause) {
    throw new BundleLoadError(bundle, cause);
  } finally {
    restore();
  }
  const { registrations, model, hooks } = core.app;
  if (model === undefined || registrations.length === 0) throw new NoFunctionsError(bundle);
  await model.getCapabilities?.({});
  return { registrations, model, hooks };
}

function answerRequire(id: string, answer: object): () => void {
  const loader = Module as unknown as { _load: Load };
  const original = loader._load;
  loader._load = function (this: unknown, requested, ...rest) {
    return requested === id ? answer : original.call(this, requested, ...rest);
  };
  return () => {
    loader._load = original;
  };
}
