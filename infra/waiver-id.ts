import { sha256 } from './digest.ts';

/** The id of a waiver by what it says: short enough to be typed. Two that come to the same are told apart where they are stored. */
export function waiverId(saying: string): string {
  return sha256(saying).slice(0, 8);
}
