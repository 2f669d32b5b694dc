const typeNames: Readonly<Record<string, string>> = {
  object: 'an object',
  record: 'an object',
  array: 'a list',
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
};

/** What the validation library says of a wrong type or an empty text, in words for somebody who never saw its schemas. */
export function plainProblem(problem: string): string {
  return problem
    .replace(
      /Invalid input: expected (\w+), received undefined/u,
      (_, wanted: string) => `is missing; it has to be ${nameOf(wanted)}`,
    )
    .replace(
      /Invalid input: expected (\w+), received (\w+)/u,
      (_, wanted: string, found: string) => `has to be ${nameOf(wanted)}, and is ${nameOf(found)}`,
    )
    .replace(/Too small: expected \w+ to have >=1 \w+/u, 'must not be empty')
    .replace(/Invalid input$/u, 'is not what belongs here');
}

function nameOf(type: string): string {
  return typeNames[type] ?? type;
}
