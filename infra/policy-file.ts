import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { ConditionalAccessPolicy } from '../domain/model/conditional-access-policy.ts';
import { isWireObject } from './azure/wire-object.ts';
import { foldMemberNames } from './fold-member-names.ts';
import { plainProblem } from './plain-problem.ts';
import { jsonFault } from './settings/json-fault.ts';
import { decodeLines } from './snapshot/decode-lines.ts';
import { SnapshotMalformed } from './snapshot/snapshot-malformed.ts';
import { parseConditionalAccessPolicy } from './wire/conditional-access-policy.ts';
import { WireMalformed } from './wire/wire-malformed.ts';

/** A file that holds no policies that can be judged. The message names the file, each place in it, and what would be right. */
export class PolicyFileInvalid extends Error {
  override readonly name = 'PolicyFileInvalid';
  readonly file: string;
  /** One sentence per problem. */
  readonly problems: readonly string[];

  constructor(file: string, problems: readonly string[], options?: ErrorOptions) {
    super(problems.map((problem) => `${file}: ${problem}`).join('\n'), options);
    this.file = file;
    this.problems = problems;
  }
}

/** The policies of a file, in its order; never none. */
export interface PolicyFile {
  readonly policies: readonly ConditionalAccessPolicy[];
  /** What a reader of the file should know of how it was read. */
  readonly remarks: readonly string[];
  /** false: a list response that goes on, whose further pages are not in the file. */
  readonly isWhole: boolean;
}

/** A tenant has a few hundred policies at most, of some 3 KB each. */
const largestMegabytes = 10;
const largest = largestMegabytes * 1024 * 1024;

const mostProblems = 10;

const wanted =
  'give a Conditional Access policy as JSON, as Microsoft Graph returns it, or a list of them ({"value": […]})';

/**
 * Reads a file of Conditional Access policies: one policy, a list response (`{"value": […]}`) or a bare list. UTF-8, or
 * UTF-16 with a byte-order mark. Members may be named as PowerShell names them, with a capital first.
 *
 * @throws PolicyFileInvalid
 */
export async function readPolicyFile(path: string): Promise<PolicyFile> {
  const value = parsed(path, await textOf(path));
  const { value: root, folded, problems } = foldMemberNames(value);
  if (problems.length > 0) throw new PolicyFileInvalid(path, problems);
  const goesOn = isWireObject(root) && typeof root['@odata.nextLink'] === 'string';
  return {
    policies: policiesIn(path, root),
    remarks: [
      ...(folded ? ['member names begin with capitals, as PowerShell writes them; read as in Microsoft Graph'] : []),
      ...(goesOn
        ? ['the list goes on (@odata.nextLink): the policies of further pages are not in the file; export all pages']
        : []),
    ],
    isWhole: !goesOn,
  };
}

async function textOf(path: string): Promise<string> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) {
      throw new PolicyFileInvalid(path, ['is a directory; name the files in it, for example with DIR/*.json']);
    }
    if (found.size > largest) throw tooLarge(path);
    const lines = await Array.fromAsync(decodeLines(path, limited(path), 'export it again'));
    return lines.join('\n');
  } catch (cause) {
    if (cause instanceof PolicyFileInvalid) throw cause;
    if (cause instanceof SnapshotMalformed) throw new PolicyFileInvalid(path, [cause.problem], { cause });
    const code = cause instanceof Error && 'code' in cause ? cause.code : null;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new PolicyFileInvalid(path, ['there is no such file; check the path'], { cause });
    }
    if (code === null || !(cause instanceof Error)) throw cause;
    throw new PolicyFileInvalid(path, [`cannot be read: ${cause.message}`], { cause });
  }
}

/** Counted as it is read: a pipe has no size, and a file may grow. */
async function* limited(path: string): AsyncGenerator<Uint8Array, void> {
  let size = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > largest) throw tooLarge(path);
    yield chunk;
  }
}

function tooLarge(path: string): PolicyFileInvalid {
  return new PolicyFileInvalid(path, [`is larger than ${String(largestMegabytes)} MB, which no policy is; ${wanted}`]);
}

function parsed(path: string, text: string): unknown {
  if (text.trim() === '') throw new PolicyFileInvalid(path, [`is empty; ${wanted}`]);
  const fault = jsonFault(text);
  if (fault === null) return JSON.parse(text);
  const place = `line ${String(fault.line)}, column ${String(fault.column)}`;
  const cutOff = fault.what.includes('found the end of the text') ? '; it was cut off, so export it again' : '';
  throw new PolicyFileInvalid(path, [`${place}: is not JSON: ${fault.what}${cutOff}`]);
}

function policiesIn(path: string, root: unknown): readonly ConditionalAccessPolicy[] {
  const list = Array.isArray(root) ? (root as readonly unknown[]) : isWireObject(root) ? root['value'] : undefined;
  const items = Array.isArray(list) ? (list as readonly unknown[]) : null;
  if (items?.length === 0) {
    throw new PolicyFileInvalid(path, [`holds an empty list, so there is nothing to judge; ${wanted}`]);
  }
  const base = Array.isArray(root) ? '' : 'value';
  const read = items?.map((item, index) => policyOf(`${base}[${String(index)}]: `, item)) ?? [policyOf('', root)];
  const problems = read.flatMap((one) => ('problems' in one ? one.problems : []));
  if (problems.length > 0) throw new PolicyFileInvalid(path, [...firstOf(problems), wanted]);
  return read.flatMap((one) => ('policy' in one ? [one.policy] : []));
}

/** A list of ten thousand numbers needs no ten thousand lines. */
function firstOf(problems: readonly string[]): readonly string[] {
  const more = problems.length - mostProblems;
  return more > 0 ? [...problems.slice(0, mostProblems), `${String(more)} more problems like these`] : problems;
}

/** @param place where in the file it stands, with what parts it from a message; empty for the file itself */
function policyOf(
  place: string,
  item: unknown,
): { readonly policy: ConditionalAccessPolicy } | { readonly problems: readonly string[] } {
  const no = noPolicy(item);
  if (no !== null || !isWireObject(item)) return { problems: [`${place}${no ?? ''}`] };
  try {
    return { policy: parseConditionalAccessPolicy(item) };
  } catch (error) {
    if (!(error instanceof WireMalformed)) throw error;
    return { problems: error.problems.map((problem) => `${place}${plainProblem(problem)}${hintFor(problem)}`) };
  }
}

/** Deeper than `-Depth` goes, PowerShell joins the entries of a list to one text. */
function hintFor(problem: string): string {
  return problem.includes('expected array, received string')
    ? '; from PowerShell, export it again with ConvertTo-Json -Depth 10'
    : '';
}

/** Why a value is no policy at all; null for one that may be. */
function noPolicy(item: unknown): string | null {
  if (!isWireObject(item)) return `holds ${nameOf(item)} where a policy should be`;
  const schema = item['$schema'];
  if (typeof schema === 'string' && /deploymentTemplate/iu.test(schema)) return 'is an ARM template, not a policy';
  if ('terraform_version' in item || 'planned_values' in item) return 'is a Terraform plan or state, not a policy';
  if (isWireObject(item['resource']) || isWireObject(item['provider']))
    return 'is a Terraform configuration, not a policy';
  const missing = ['state', 'conditions'].filter((name) => item[name] === undefined || item[name] === null);
  return missing.length === 0 ? null : `is no Conditional Access policy: it has no ${missing.join(' and no ')}`;
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'string' ? 'a text' : `a ${typeof value}`;
}
