/**
 * Gives the app its settings where the platform puts them, in the environment, and returns what puts the environment back.
 * The environment is an argument: in earnest it is `process.env`, since that is where a bundle looks.
 */
export function applyAppSettings(
  environment: Record<string, string | undefined>,
  appSettings: Readonly<Record<string, string>>,
): () => void {
  const before = new Map(Object.keys(appSettings).map((name) => [name, environment[name]]));
  Object.assign(environment, appSettings);
  return () => {
    for (const [name, value] of before) {
      // An assignment of undefined would leave the text "undefined" in process.env.
      if (value === undefined) Reflect.deleteProperty(environment, name);
      else environment[name] = value;
    }
  };
}
