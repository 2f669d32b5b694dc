import { CommanderError } from 'commander';
import { SignInRefused } from '../infra/azure/identity/sign-in-refused.ts';
import { exitCode } from './exit-code.ts';

/** How a command that threw ends. `message` null: it was said already. */
export interface Failure {
  readonly code: number;
  readonly message: string | null;
}

/**
 * Errors whose message says all that the caller needs to mend it. By name, since to import every class would be to load
 * the embedded cloud and the SDKs before each command.
 */
const callersOwn: ReadonlySet<string> = new Set([
  'UsageError',
  'SnapshotNotFound',
  'SnapshotMalformed',
  'SettingsInvalid',
  'EndpointInvalid',
  'ConfigInvalid',
  'TenantFileError',
  'LocalAzurePortInUseError',
  'HostPortInUseError',
  'StoragePortInUseError',
  'PortInUseError',
  'StorageSettingsInvalid',
  'StoreUnreachable',
  'StoredJsonUnreadable',
  'FindingUnknown',
  'FindingRefuses',
  'FindingFromNewerVersion',
  'FindingConflict',
  'NoteInvalid',
  'WaiverInvalid',
  'WaiverUnknown',
  'WaiverRefuses',
  'ApiRefused',
  'ApiUnreachable',
]);

/** What an error means to the caller: an exit code, and a message with a stack only where the program itself is at fault. */
export function failureOf(error: unknown, signal: AbortSignal): Failure {
  if (signal.aborted && (error === signal.reason || isNamed(error, 'AbortError'))) {
    return { code: exitCode.interrupted, message: 'Interrupted.' };
  }
  if (error instanceof CommanderError) {
    return { code: error.exitCode === 0 ? exitCode.clean : exitCode.usage, message: null };
  }
  if (error instanceof SignInRefused) return { code: exitCode.signInRefused, message: error.message };
  if (error instanceof Error && (callersOwn.has(error.name) || isFileError(error))) {
    return { code: exitCode.usage, message: error.message };
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: exitCode.fault, message: `This is a fault of kerbwatch, please report it.\n${stack}` };
}

/** What the file system answers for a path that the caller gave: it names the call and the path. */
export function isFileError(error: unknown): error is Error {
  return (
    error instanceof Error && 'syscall' in error && 'code' in error && ('path' in error || error.code === 'EISDIR')
  );
}

function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
