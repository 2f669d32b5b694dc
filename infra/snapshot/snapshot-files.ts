/** Where a snapshot's files are kept: a directory, or the blobs of one run. Names are bare, as `storage-accounts.ndjson`. */
export interface SnapshotFiles {
  /** The place in words a person can follow, for messages: a path or an address. */
  readonly where: string;
  /** The names there are; null when the place itself does not exist. */
  list(): Promise<readonly string[] | null>;
  /** The file's lines without their ends, read as they are asked for; null when there is no such file. */
  readText(name: string): Promise<AsyncIterable<string> | null>;
  /** Writes the file anew, a line each; no lines make an empty file. Makes the place where it does not exist. */
  write(name: string, lines: Iterable<string> | AsyncIterable<string>): Promise<void>;
  /** Removes the file; does nothing when there is none. */
  remove(name: string): Promise<void>;
}
