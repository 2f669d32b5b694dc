const lineLength = 120;
const longestInlineObject = 70;

/** JSON as Prettier leaves it: short objects in one line, others a key a line, and lists in one line where they fit. */
export function jsonText(value: unknown, indent = '', before = 0): string {
  const flat = inline(value);
  // One more for the comma that may follow.
  if (flat !== null && indent.length + before + flat.length < lineLength) return flat;
  // A text that is too long for the line stays whole: it has no members to break it at.
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) return `[\n${value.map((item) => inner + jsonText(item, inner)).join(',\n')}\n${indent}]`;
  const entries = Object.entries(value).map(([key, item]) => {
    const name = `${JSON.stringify(key)}: `;
    return `${inner}${name}${jsonText(item, inner, name.length)}`;
  });
  return `{\n${entries.join(',\n')}\n${indent}}`;
}

/** The value in one line, null where it is not to stand in one. */
function inline(value: unknown): string | null {
  if (Array.isArray(value)) {
    const items = value.map(inline);
    return items.includes(null) || isTable(value) ? null : `[${items.join(', ')}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item]) => [JSON.stringify(key), inline(item)] as const);
  if (entries.length === 0) return '{}';
  if (entries.some(([, item]) => item === null)) return null;
  const flat = `{ ${entries.map(([key, item]) => `${key}: ${item ?? ''}`).join(', ')} }`;
  return flat.length > longestInlineObject ? null : flat;
}

/** Objects of several keys below each other, which Prettier never joins into a line. */
function isTable(items: readonly unknown[]): boolean {
  return (
    items.length > 1 && items.every((item) => typeof item === 'object' && item !== null && Object.keys(item).length > 1)
  );
}
