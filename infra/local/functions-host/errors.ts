/** The bundle could not be imported. In Azure this is silent: the app starts with no functions. */
export class BundleLoadError extends Error {
  override readonly name = 'BundleLoadError';

  constructor(bundle: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(`The functions bundle ${bundle} could not be loaded: ${reason}. Build it again, then look at the cause.`, {
      cause,
    });
  }
}

/** The bundle was imported and registered nothing. */
export class NoFunctionsError extends Error {
  override readonly name = 'NoFunctionsError';

  constructor(bundle: string) {
    super(
      `The functions bundle ${bundle} registered no function. ` +
        'Check that its entry imports every function file and that "@azure/functions-core" was left external.',
    );
  }
}

/** A binding names an app setting, as `%NAME%` or as its connection, that is not among the app settings. */
export class MissingAppSettingError extends Error {
  override readonly name = 'MissingAppSettingError';
  readonly functionName: string;
  readonly setting: string;

  constructor(functionName: string, property: string, setting: string) {
    super(
      `Function "${functionName}": its ${property} needs the app setting ${setting}, which is not set. Add it to the app settings.`,
    );
    this.functionName = functionName;
    this.setting = setting;
  }
}

/** A binding that Azure may accept and this host does not. */
export class UnsupportedBindingError extends Error {
  override readonly name = 'UnsupportedBindingError';

  constructor(functionName: string, what: string) {
    super(`Function "${functionName}": ${what}`);
  }
}

/** host.json is missing, is not JSON, or holds a value that this host cannot read. */
export class HostJsonError extends Error {
  override readonly name = 'HostJsonError';
}

export class UnknownFunctionError extends Error {
  override readonly name = 'UnknownFunctionError';

  constructor(functionName: string, trigger: string, known: readonly string[]) {
    const choice = known.length === 0 ? 'none is registered' : `registered: ${known.join(', ')}`;
    super(`There is no ${trigger} function "${functionName}" (${choice}).`);
  }
}

/** A handler threw; `cause` is what it threw. */
export class FunctionFailedError extends Error {
  override readonly name = 'FunctionFailedError';
  readonly functionName: string;

  constructor(functionName: string, cause: unknown) {
    super(`Function "${functionName}" failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.functionName = functionName;
  }
}

export class HostPortInUseError extends Error {
  override readonly name = 'HostPortInUseError';
  readonly port: number;

  constructor(port: number, options: ErrorOptions) {
    super(
      `The functions host cannot listen on 127.0.0.1:${String(port)}: the port is in use. ` +
        'Stop the program that holds it, or choose another port.',
      options,
    );
    this.port = port;
  }
}
