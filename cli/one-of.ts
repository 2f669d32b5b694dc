import { nearest } from '../infra/nearest.ts';
import { UsageError } from './exit-code.ts';

/**
 * A parser for an option that takes one of a few words, case ignored.
 * @param later words of the contract that this version does not know yet
 */
export function oneOf<const Word extends string>(
  option: string,
  words: readonly Word[],
  later: readonly string[] = [],
) {
  return (text: string): Word => {
    const asked = text.toLowerCase();
    const found = words.find((word) => word === asked);
    if (found !== undefined) return found;
    const choice = `use one of ${words.join(', ')}`;
    if (later.includes(asked)) throw new UsageError(`${option} ${asked} is not there yet; ${choice}.`);
    const meant = nearest(asked, words);
    const hint = meant === null ? choice : `did you mean ${meant}? Otherwise ${choice}`;
    throw new UsageError(`${option} does not know '${text}'; ${hint}.`);
  };
}
