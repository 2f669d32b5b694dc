/** One thing that is wrong with settings. */
export interface SettingsProblem {
  /** JSON path, as `alerts[0].url`; `line 2, column 3` of text that is not JSON; empty for the whole document. */
  readonly path: string;
  /** What is wrong and what would be right; for a mistyped name with the nearest valid one. */
  readonly what: string;
}

/** Settings that cannot be used. The message lists every problem, one a line. */
export class SettingsInvalid extends Error {
  override readonly name = 'SettingsInvalid';
  /** The file or app setting they came from. */
  readonly where: string;
  readonly problems: readonly SettingsProblem[];

  constructor(where: string, problems: readonly SettingsProblem[], options?: ErrorOptions) {
    const lines = problems.map(({ path, what }) => (path === '' ? `  ${what}` : `  ${path}: ${what}`));
    super([`${where} cannot be used as settings:`, ...lines].join('\n'), options);
    this.where = where;
    this.problems = problems;
  }
}
