import { labels, roles } from '../../../shared/kmm/labels.ts';
import type { Manifest } from '../../../shared/kubernetes/objects.ts';
import { type Installation, serverName } from '../installation.ts';
import type { ResourceRule } from '../policies/admission-policy.ts';
import {
  daemonSetCondition,
  dockerfileCondition,
  jobCondition,
  moduleCondition,
  nodeCondition,
  podCondition,
  podGoneCondition,
} from './conditions.ts';

type Hooks = Extract<Installation['events'], { kind: 'hooks' }>;

interface Hook {
  name: string;
  /** The last part of the door's path. */
  part: 'node' | 'rollout' | 'job' | 'module' | 'input';
  rules: ResourceRule[];
  objectSelector?: object;
  condition: { name: string; expression: string };
}

const ofModule = { matchExpressions: [{ key: labels.moduleName, operator: 'Exists' }] };
/** Keeps the pods of builds out: they bear no role. */
const ofRole = {
  matchExpressions: [{ key: labels.role, operator: 'In', values: [roles.moduleLoader, roles.devicePlugin] }],
};

/**
 * The API server as event source: it calls `cluster-hook` before a write that matters, is told "allowed" at once, and goes on
 * without us when nobody answers within the timeout. Secrets are never hooked: a review would carry their values.
 */
export function renderEventHooks(installation: Installation, { door }: Hooks): Manifest {
  const { namespaces, profile } = installation;
  const injectCaFrom = door.kind === 'service' ? door.tls.injectCaFrom : undefined;
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: {
      name: 'kmm-events',
      ...(injectCaFrom && { annotations: { 'cert-manager.io/inject-ca-from': injectCaFrom } }),
    },
    webhooks: hooks(installation.ignoredTaints).map(({ name, part, rules, objectSelector, condition }) => ({
      name: `${name}.kmm.sigs.x-k8s.io`,
      clientConfig: clientConfig(installation, door, `/cluster/${installation.secrets.hook}/${part}`),
      rules,
      ...(namespaces !== undefined && rules[0]?.scope === 'Namespaced' && { namespaceSelector: named(namespaces) }),
      ...(objectSelector && { objectSelector }),
      matchConditions: [condition],
      failurePolicy: 'Ignore',
      sideEffects: 'NoneOnDryRun',
      // A Knative revision that has just been rolled out may have to start first.
      timeoutSeconds: profile === 'knative' ? 5 : 1,
      admissionReviewVersions: ['v1'],
    })),
  };
}

function hooks(ignoredTaints: readonly string[]): Hook[] {
  return [
    {
      name: 'nodes',
      part: 'node',
      // Labels change through the status too.
      rules: [
        rule('', 'nodes', ['CREATE', 'UPDATE', 'DELETE'], 'Cluster'),
        rule('', 'nodes/status', ['UPDATE'], 'Cluster'),
      ],
      condition: { name: 'kernel-boot-labels-taints', expression: nodeCondition(ignoredTaints) },
    },
    {
      name: 'daemonsets',
      part: 'rollout',
      rules: [rule('apps', 'daemonsets/status', ['UPDATE']), rule('apps', 'daemonsets', ['DELETE'])],
      objectSelector: ofModule,
      condition: { name: 'complete-or-unavailable-flips', expression: daemonSetCondition },
    },
    {
      name: 'pods',
      part: 'rollout',
      rules: [rule('', 'pods/status', ['UPDATE'])],
      objectSelector: ofRole,
      condition: { name: 'container-ready-or-restarts', expression: podCondition },
    },
    {
      name: 'pods-gone',
      part: 'rollout',
      rules: [rule('', 'pods', ['DELETE'])],
      objectSelector: ofRole,
      condition: { name: 'loader-or-now', expression: podGoneCondition },
    },
    {
      name: 'jobs',
      part: 'job',
      rules: [rule('batch', 'jobs/status', ['UPDATE'])],
      objectSelector: ofModule,
      condition: { name: 'finishes', expression: jobCondition },
    },
    {
      name: 'modules',
      part: 'module',
      rules: [{ ...rule('kmm.sigs.x-k8s.io', 'modules', ['CREATE', 'UPDATE', 'DELETE']), apiVersions: ['*'] }],
      condition: { name: 'spec-labels-annotations', expression: moduleCondition },
    },
    {
      name: 'dockerfiles',
      part: 'input',
      rules: [rule('', 'configmaps', ['CREATE', 'UPDATE', 'DELETE'])],
      condition: { name: 'dockerfile-changes', expression: dockerfileCondition },
    },
  ];
}

function rule(
  group: string,
  resource: string,
  operations: string[],
  scope: ResourceRule['scope'] = 'Namespaced',
): ResourceRule {
  return { apiGroups: [group], apiVersions: ['v1'], operations, resources: [resource], scope };
}

function named(namespaces: readonly string[]) {
  return { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: [...namespaces] }] };
}

/** The API server takes no query, user or header: the secret can stand only in the path. */
function clientConfig({ namespace }: Installation, door: Hooks['door'], path: string) {
  const pem = door.kind === 'url' ? door.caBundle : door.tls.caBundle;
  const caBundle = pem === undefined ? {} : { caBundle: Buffer.from(pem).toString('base64') };
  if (door.kind === 'url') return { url: `${door.sink.replace(/\/+$/, '')}${path}`, ...caBundle };
  return { service: { namespace, name: serverName, path, port: 443 }, ...caBundle };
}
