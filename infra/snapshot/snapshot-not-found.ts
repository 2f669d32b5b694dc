/** There is no snapshot at the place given: no such directory, or one without a manifest. */
export class SnapshotNotFound extends Error {
  override readonly name = 'SnapshotNotFound';
  readonly where: string;

  constructor(where: string, problem: string) {
    super(`No snapshot at ${where}: ${problem}`);
    this.where = where;
  }
}
