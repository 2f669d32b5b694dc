import type { ApiAddress } from './api-address.ts';

/**
 * What to do where something else than the API answers: the address of a function app without the path that its host puts
 * before every function is the mistake that is made most.
 */
export function wrongAddress({ setting, base }: Pick<ApiAddress, 'setting' | 'base'>, answered: string): string {
  const { origin, pathname } = new URL(base);
  const isWhole = /\/api(?:\/remediation)?$/u.test(pathname);
  const next = isWhole
    ? `check which app ${setting} names, and whether its functions have started`
    : `the address ends in /api: set ${setting} to ${origin}/api`;
  return `no Kerbwatch API answers there (${answered}); ${next}`;
}
