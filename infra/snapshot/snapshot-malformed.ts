/** A snapshot's file is not what the format says. The message names the file, what is wrong, and the line where there is one. */
export class SnapshotMalformed extends Error {
  override readonly name = 'SnapshotMalformed';
  readonly file: string;
  readonly problem: string;

  constructor(file: string, problem: string, options?: ErrorOptions) {
    super(`${file}: ${problem}`, options);
    this.file = file;
    this.problem = problem;
  }
}
