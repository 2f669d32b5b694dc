/** Whether `value` is what `pattern` says, case ignored; `*` stands for any text, the empty one too. */
export function fitsPattern(pattern: string, value: string): boolean {
  return fitsParts(pattern.toLowerCase().split('*'), value.toLowerCase());
}

/** Matches `parts` joined by wildcards against `value`, greedily from the left; no regular expression, so no escaping. */
function fitsParts(parts: readonly string[], value: string): boolean {
  const first = parts[0] ?? '';
  if (parts.length === 1) return value === first;
  const last = parts.at(-1) ?? '';
  if (!value.startsWith(first) || !value.endsWith(last) || value.length < first.length + last.length) return false;
  let at = first.length;
  const end = value.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = value.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
