import type { Evidence, Json } from '../../domain/model/verdict.ts';
import { hanging } from '../pages/wrap.ts';
import { pipelineSafe } from './pipeline-safe.ts';

/** JSON as an outline for people: a line for each member, what is nested further in, short objects on one line. */
export function outline(value: Evidence, indent: string): readonly string[] {
  return Object.entries(value).flatMap(([name, member]) => memberLines(name, member, indent));
}

function memberLines(name: string, value: Json, indent: string): readonly string[] {
  const short = shortText(value);
  if (short !== null) return hanging(`${indent}${pipelineSafe(name)}: `, pipelineSafe(short));
  return [`${indent}${pipelineSafe(name)}:`, ...nestedLines(value, `${indent}  `)];
}

function nestedLines(value: Json, indent: string): readonly string[] {
  if (isList(value)) return value.flatMap((item) => itemLines(item, indent));
  return isObject(value) ? outline(value, indent) : [];
}

/** The first line of an item has a dash. */
function itemLines(item: Json, indent: string): readonly string[] {
  const short = shortText(item);
  if (short !== null) return hanging(`${indent}- `, pipelineSafe(short));
  const [first = '', ...rest] = nestedLines(item, `${indent}  `);
  return [`${indent}- ${first.slice(indent.length + 2)}`, ...rest];
}

/** As many members as an object on one line has. */
const mostMembers = 3;

/** The value on one line; null for what needs more. */
function shortText(value: Json): string | null {
  if (value === null) return 'none';
  if (isList(value)) {
    const items = value.map(shortText);
    if (value.length === 0) return 'none';
    return items.includes(null) ? null : items.join(value.some(isObject) ? '; ' : ', ');
  }
  if (!isObject(value)) return String(value);
  const members = Object.entries(value);
  if (members.length > mostMembers || members.some(([, member]) => isList(member) || isObject(member))) return null;
  return members.map(([name, member]) => `${name} ${shortText(member) ?? ''}`).join(', ');
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is Evidence {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
