import type { StructuralSchema } from '../../../infra/kubernetes/crd/structural-schema.ts';

/** What a node of a structural schema may say, by Kubernetes' own list; everything else is refused or ignored. */
const known = new Set([
  ...['type', 'description', 'properties', 'additionalProperties', 'items', 'required', 'enum', 'format', 'pattern'],
  ...['default', 'maxLength', 'maxItems', 'maxProperties', 'anyOf', 'x-kubernetes-int-or-string'],
  ...['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-list-type', 'x-kubernetes-list-map-keys'],
  'x-kubernetes-validations',
]);

/** Every node with its path: `spec.tolerations[].key`, `spec.selector.*`. */
export function* nodesOf(schema: StructuralSchema, path = ''): Generator<[path: string, node: StructuralSchema]> {
  yield [path, schema];
  for (const [name, child] of Object.entries(schema.properties ?? {}))
    yield* nodesOf(child, path ? `${path}.${name}` : name);
  if (schema.items) yield* nodesOf(schema.items, `${path}[]`);
  if (schema.additionalProperties) yield* nodesOf(schema.additionalProperties, `${path}.*`);
}

/** Why a schema is not structural, one sentence for each reason. */
export function structuralProblems(root: StructuralSchema): string[] {
  return [...nodesOf(root)].flatMap(([path, node]) => problemsOf(node).map((problem) => `${path}: ${problem}`));
}

function problemsOf(node: StructuralSchema): string[] {
  const isIntOrString = node['x-kubernetes-int-or-string'] === true;
  const checks: [is: boolean, problem: string][] = [
    [node.type === undefined && !isIntOrString, 'no type'],
    [node.type !== undefined && isIntOrString, 'a type beside int-or-string'],
    [node.type === 'array' && node.items === undefined, 'an array without items'],
    [
      node.properties !== undefined && node.additionalProperties !== undefined,
      'properties beside additionalProperties',
    ],
    [node.anyOf !== undefined && !isIntOrString, 'anyOf where it is not for int-or-string'],
    [node['x-kubernetes-list-type'] === 'map' && !hasMapKeys(node), 'a map whose keys are not required'],
    ...Object.keys(node).map((key): [boolean, string] => [!known.has(key), `${key} is no keyword of CRDs`]),
    ...(node.required ?? []).map((key): [boolean, string] => [
      !(key in (node.properties ?? {})),
      `requires ${key}, which it has not`,
    ]),
  ];
  return checks.flatMap(([is, problem]) => (is ? [problem] : []));
}

function hasMapKeys({ items, ...node }: StructuralSchema): boolean {
  const keys = node['x-kubernetes-list-map-keys'] ?? [];
  return keys.length > 0 && keys.every((key) => items?.required?.includes(key));
}
