import type { AccountNameCheck } from '../domain/audit/ports.ts';
import type { EstateSource, NameAvailability } from './estate-source.ts';

/**
 * Asks for one name after another: few are asked about, and nobody waits.
 * @param estate gives a source that has read nothing yet.
 */
export function createAccountNameCheck(
  estate: () => Pick<EstateSource, 'nameAvailability' | 'requests'>,
): AccountNameCheck {
  return {
    async check(names) {
      const source = estate();
      const answers = new Map<string, NameAvailability>();
      for (const name of names) {
        const answer = await source.nameAvailability(name);
        if (answer !== null) answers.set(name, answer);
      }
      return { answers, requests: { ...source.requests } };
    },
  };
}
