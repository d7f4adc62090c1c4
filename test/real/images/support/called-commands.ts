import { run } from '../../support/run.ts';

/**
 * The commands that a shell script calls by name, and that are no functions of its own, by the syntax tree of `shfmt`: the
 * shell's own ones and those that must be on the PATH. Names that only a variable holds are not among them.
 */
export async function calledCommands(script: string): Promise<string[]> {
  const tree: unknown = JSON.parse(await run('shfmt', ['--language-dialect', 'posix', '--to-json'], { input: script }));
  const called = new Set<string>();
  const functions = new Set<string>();
  for (const node of nodesOf(tree)) {
    if (node['Type'] === 'CallExpr') called.add(literalOf(node['Args']) ?? '');
    if (node['Type'] === 'FuncDecl' && isNode(node['Name'])) functions.add(String(node['Name']['Value']));
  }
  return [...called].filter((name) => name !== '' && !functions.has(name)).sort();
}

type Node = Record<string, unknown>;

function* nodesOf(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const item of value) yield* nodesOf(item);
  if (!isNode(value)) return;
  yield value;
  for (const child of Object.values(value)) yield* nodesOf(child);
}

/** The first word, where it is plain text. */
function literalOf(args: unknown): string | undefined {
  const [first] = Array.isArray(args) ? args : [];
  if (!isNode(first) || !Array.isArray(first['Parts'])) return undefined;
  const parts: unknown[] = first['Parts'];
  const literals = parts.flatMap((part) => (isNode(part) && part['Type'] === 'Lit' ? [String(part['Value'])] : []));
  return literals.length === parts.length ? literals.join('') : undefined;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
