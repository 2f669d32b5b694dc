/** A line to paste into a shell. */
export interface Command {
  readonly shell: 'bash' | 'powershell';
  readonly line: string;
}

/** What a terminal or a reader may take for something else: control and format characters, separators of lines. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A line for bash; every value is one word to it, whatever is in it. */
export function bash(parts: TemplateStringsArray, ...values: readonly string[]): Command {
  return { shell: 'bash', line: filled(parts, values, (value) => `'${value.replaceAll("'", `'\\''`)}'`) };
}

/** A line for PowerShell, which takes typographic quotes for quotes as well. */
export function powerShell(parts: TemplateStringsArray, ...values: readonly string[]): Command {
  return { shell: 'powershell', line: filled(parts, values, (value) => `'${value.replace(/['‘’‚‛]/gu, '$&$&')}'`) };
}

/** A name of the tenant for people to read: nothing in it moves a cursor or turns a line around, and it has an end. */
export function shown(name: string): string {
  const clean = readable(name);
  return `‹${clean.length > 120 ? `${clean.slice(0, 120)}…` : clean}›`;
}

/** A text with names of the tenant in it, as long as it is. */
export function readable(text: string): string {
  return text.replace(unprintable, '\u{FFFD}');
}

/** JSON in which nothing is invisible. */
export function plainJson(value: unknown): string {
  const escaped = (character: string): string =>
    [...Array(character.length).keys()]
      .map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`)
      .join('');
  return JSON.stringify(value).replace(unprintable, escaped);
}

function filled(parts: TemplateStringsArray, values: readonly string[], quoted: (value: string) => string): string {
  return parts
    .map((part, at) => {
      const value = values[at];
      return value === undefined ? part : `${part}${quoted(readable(value))}`;
    })
    .join('');
}
