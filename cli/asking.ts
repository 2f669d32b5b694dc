import type { Asking } from '../infra/azure/identity/person-sign-in.ts';
import type { Io } from './io.ts';

/**
 * How the person at the terminal can be asked to sign in. Nobody is asked where stderr is no terminal or in a pipeline
 * (`CI`, `TF_BUILD`): a code that nobody types would hold it for a quarter of an hour. Over ssh a browser would open on the
 * other side.
 */
export function askingOf({ env, stderr }: Pick<Io, 'env' | 'stderr'>, platform: NodeJS.Platform): Asking {
  const isSet = (name: string): boolean => !['', '0', 'false'].includes(env[name]?.trim().toLowerCase() ?? '');
  if (stderr.isTTY !== true || isSet('CI') || isSet('TF_BUILD')) return 'none';
  if (isSet('SSH_CONNECTION') || isSet('SSH_TTY')) return 'device-code';
  const ownDesktop = platform === 'win32' || platform === 'darwin';
  return ownDesktop || isSet('DISPLAY') || isSet('WAYLAND_DISPLAY') ? 'browser' : 'device-code';
}
