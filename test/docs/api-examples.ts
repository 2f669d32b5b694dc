/** A request of an example, and what is answered. */
export interface ApiExample {
  /** As it is typed. */
  readonly command: string;
  readonly method: string;
  /** With `$KERBWATCH_API` and `$TOKEN` as they stand. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly answer: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly json: unknown;
  };
}

/** The examples of a page: each is a curl command and, after it, the answer as HTTP has it. */
export function apiExamples(page: string): readonly ApiExample[] {
  const blocks = [...page.matchAll(/```sh\n(curl [^`]*?)\n```\n\n```http\n(.*?)\n```/gsu)];
  return blocks.map(([, command = '', answer = '']) => ({ command, ...requestOf(command), answer: answerOf(answer) }));
}

/** What stands for members, or items, that an example leaves out. */
export const rest = '…';

/** Whether an answer is what the example shows of it. */
export function fits(shown: unknown, answered: unknown): boolean {
  if (Array.isArray(shown)) {
    if (!Array.isArray(answered)) return false;
    const isWhole = shown.at(-1) !== rest;
    const items: readonly unknown[] = isWhole ? shown : shown.slice(0, -1);
    return (
      (isWhole ? answered.length === items.length : answered.length > items.length) &&
      items.every((item, at) => fits(item, answered[at]))
    );
  }
  if (typeof shown !== 'object' || shown === null) return shown === answered;
  if (typeof answered !== 'object' || answered === null || Array.isArray(answered)) return false;
  const isWhole = !(rest in shown);
  const members = Object.entries(shown).filter(([name]) => name !== rest);
  const given = answered as Readonly<Record<string, unknown>>;
  const count = Object.keys(given).length;
  return (
    (isWhole ? count === members.length : count > members.length) &&
    members.every(([name, value]) => name in given && fits(value, given[name]))
  );
}

function requestOf(command: string): Pick<ApiExample, 'method' | 'url' | 'headers' | 'body'> {
  const words = [...command.replaceAll('\\\n', ' ').matchAll(/'([^']*)'|"([^"]*)"|(\S+)/gu)].map(
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
  const request = { method: 'GET', url: '', headers: {} as Record<string, string>, body: null as string | null };
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const value = words[at + 1] ?? '';
    if (word === '-X') request.method = value;
    else if (word === '-d') request.body = value;
    else if (word === '-H') {
      const [name = '', ...text] = value.split(':');
      request.headers[name] = text.join(':').trim();
    } else {
      if (word.startsWith('-')) throw new Error(`The example uses an option that is not read: ${word}`);
      request.url = word;
      continue;
    }
    at += 1;
  }
  return request;
}

function answerOf(text: string): ApiExample['answer'] {
  const [head = '', ...body] = text.split('\n\n');
  const [first = '', ...lines] = head.split('\n');
  const headers = lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]);
  return {
    status: Number(/^HTTP\/1\.1 (\d{3})/u.exec(first)?.[1]),
    headers: Object.fromEntries(headers) as Record<string, string>,
    json: JSON.parse(body.join('\n\n')) as unknown,
  };
}
