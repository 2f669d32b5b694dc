import type { Symptom } from '../domain/rules/symptoms.ts';

/** How much of what was asked a phrase must hold. */
const enough = 0.6;

/** A phrase of so many words means the same wherever it stands, in a pasted log too. */
const sentence = 3;

/** Words that say nothing about what is wrong. */
const fillers = new Set(
  'a an the is are was be to of on in at by for from with and or it this that has have server servers'.split(' '),
);

/**
 * The symptoms that a text is about, best first. Numbers count as whole words: where the text has one, a symptom must have
 * it too. Words count by how many of the text's own are in one phrase of the symptom, unless the whole phrase is there; case,
 * punctuation and order are free.
 */
export function findSymptoms(text: string, symptoms: readonly Symptom[]): readonly Symptom[] {
  const asked = new Set(wordsOf(text));
  return symptoms
    .map((symptom) => ({ symptom, score: Math.max(...symptom.phrases.map((phrase) => scoreOf(asked, phrase))) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ symptom }) => symptom);
}

/** 0: not about it. Else up to 1 for the words, up to 1 for a number, and a little for how closely the phrase fits. */
function scoreOf(asked: ReadonlySet<string>, phrase: string): number {
  if (asked.size === 0) return 0;
  const told = new Set(wordsOf(phrase));
  const shared = [...asked].filter((word) => told.has(word)).length;
  const numbers = [...asked].filter(isNumber);
  const sharedNumbers = numbers.filter((number) => told.has(number)).length;
  if (numbers.length > 0 && sharedNumbers === 0) return 0;
  const whole = shared === told.size && told.size >= sentence;
  const share = whole ? 1 : shared / asked.size;
  if (sharedNumbers === 0 && share < enough) return 0;
  return share + sharedNumbers / Math.max(numbers.length, 1) + (shared / told.size) * 0.1;
}

function wordsOf(text: string): readonly string[] {
  return text
    .toLowerCase()
    .replaceAll(/[’']/gu, '')
    .replaceAll(/(?<=\d),(?=\d)/gu, '')
    .replaceAll(/\b(cant|can not)\b/gu, 'cannot')
    .replaceAll(/\b(is|are|do|does|was|has|have|would)nt\b/gu, '$1 not')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !fillers.has(word))
    .map((word) => codeOf(word) ?? singular(word));
}

/**
 * The number that a code stands for, in decimals: a Windows error as it is printed in hexadecimals (0x52e), the same as an
 * HRESULT (0x8007052E), and an error of Entra with or without its letters; null for any other word.
 */
function codeOf(word: string): string | null {
  const hexadecimal = /^0x(?:8007|0*)([\da-f]{1,4})$/u.exec(word)?.[1];
  if (hexadecimal !== undefined) return String(Number.parseInt(hexadecimal, 16));
  return /^aadsts(\d+)$/u.exec(word)?.[1] ?? null;
}

/** Tickets are a ticket, and denies denied: endings are cut off roughly, on both sides alike. */
function singular(word: string): string {
  return isNumber(word) || word.length < 5 ? word : word.replace(/(?:ies|ied|es|ed|ing|s|e)$/u, '');
}

/** Error numbers and codes, such as 1327, 0x549 and AADSTS50105. */
function isNumber(word: string): boolean {
  return /\d/u.test(word);
}
