import { createRequire } from 'node:module';
import { Language, type Node, Parser } from 'web-tree-sitter';

export interface Declaration {
  /** Symbolic name, e.g. `storage`. */
  readonly name: string;
  /** `Microsoft.Storage/storageAccounts@2024-01-01` of a resource, the path of a module. */
  readonly type: string;
  readonly existing: boolean;
  readonly node: Node;
}

/** A .bicep file as its syntax tree; what the grammar accepts is its own opinion, not the compiler's. */
export interface BicepFile {
  /** `line:column: what is wrong`, counted from 1; empty when the text parses. */
  readonly errors: readonly string[];
  readonly params: readonly string[];
  /** Parameters without a default, which a module call has to give. */
  readonly requiredParams: readonly string[];
  readonly outputs: readonly string[];
  readonly resources: readonly Declaration[];
  readonly modules: readonly Declaration[];
  readonly root: Node;
  /** The value of a `var` that consists of literals; throws when there is none of that name. */
  variable(name: string): unknown;
}

export async function bicepParser(): Promise<(text: string) => BicepFile> {
  await Parser.init();
  const grammar = createRequire(import.meta.url).resolve('tree-sitter-bicep/tree-sitter-bicep.wasm');
  const parser = new Parser();
  parser.setLanguage(await Language.load(grammar));
  return (text) => {
    const root = parser.parse(text)?.rootNode;
    if (root === undefined) throw new Error('tree-sitter gave no tree for this Bicep text.');
    return fileOf(root);
  };
}

function fileOf(root: Node): BicepFile {
  const declared = (type: string): Node[] => all(root, (node) => node.type === type);
  const params = declared('parameter_declaration');
  return {
    errors: all(root, (node) => node.isError || node.isMissing).map(
      ({ startPosition: { row, column }, isMissing, type, text }) =>
        `${row + 1}:${column + 1}: ${isMissing ? `missing ${type}` : `unexpected ${text.slice(0, 40)}`}`,
    ),
    params: params.map(nameOf),
    requiredParams: params.filter((node) => !node.children.some((child) => child.type === '=')).map(nameOf),
    outputs: declared('output_declaration').map(nameOf),
    resources: declared('resource_declaration').map(declarationOf),
    modules: declared('module_declaration').map(declarationOf),
    root,
    variable: (name) => {
      const value = declared('variable_declaration')
        .find((node) => nameOf(node) === name)
        ?.namedChildren.at(-1);
      if (value === undefined) throw new Error(`No variable ${name} in this Bicep file.`);
      return literal(value);
    },
  };
}

/** Every node of the tree that answers the question, in the order of the text. */
export function all(root: Node, wanted: (node: Node) => boolean): Node[] {
  return [...(wanted(root) ? [root] : []), ...root.children.flatMap((child) => all(child, wanted))];
}

/** The object's properties by name, or those of the object a loop makes. */
export function properties(declaration: Node): Map<string, Node> {
  const object = all(declaration, (node) => node.type === 'object')[0];
  const entries = (object?.namedChildren ?? []).filter((node) => node.type === 'object_property');
  return new Map(
    entries.flatMap((node): [string, Node][] => {
      const [key, value] = [node.namedChildren[0], node.namedChildren.at(-1)];
      return key === undefined || value === undefined ? [] : [[plain(key), value]];
    }),
  );
}

/** The value of an expression made of literals alone; throws on anything that has to be computed. */
export function literal(node: Node): unknown {
  switch (node.type) {
    case 'string':
      return plain(node);
    case 'number':
      return Number(node.text);
    case 'boolean':
      return node.text === 'true';
    case 'array':
      return node.namedChildren.map(literal);
    case 'object':
      return Object.fromEntries([...properties(node)].map(([key, value]) => [key, literal(value)]));
    default:
      throw new Error(`${node.type} "${node.text}" is not a literal; the comparison with the code needs one.`);
  }
}

function declarationOf(node: Node): Declaration {
  const type = node.namedChildren.find((child) => child.type === 'string');
  return {
    name: nameOf(node),
    type: type === undefined ? '' : plain(type),
    existing: node.children.some((child) => child.type === 'existing'),
    node,
  };
}

function nameOf(declaration: Node): string {
  return declaration.namedChildren.find((child) => child.type === 'identifier')?.text ?? '';
}

function plain(node: Node): string {
  return node.type === 'string' ? node.text.slice(1, -1) : node.text;
}
