/**
 * What a command tells a script (contracts.md, Command line). Beyond those: 70 is a fault of the program itself
 * (sysexits.h, EX_SOFTWARE), 130 is Ctrl-C, as shells count.
 */
export const exitCode = {
  clean: 0,
  findings: 1,
  usage: 2,
  incomplete: 3,
  signInRefused: 4,
  fault: 70,
  interrupted: 130,
} as const;

/** A mistake in how the command was called, or in what it was given: exit 2, the message alone, no stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
