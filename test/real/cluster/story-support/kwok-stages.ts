import { buildTinyImage } from '../../../../infra/local/registry/tiny-image.ts';

/** An image whose loader kwok lets crash: known before any registry is there, since its digest is that of its content. */
export const crashingImage = buildTinyImage({ files: { 'opt/lib/modules/any/broken.ko': 'does not load\n' } });

/** kwok plays four pods at a time by itself; without the other two named as well it does not start. */
export const kwokOptions = {
  apiVersion: 'config.kwok.x-k8s.io/v1alpha1',
  kind: 'KwokConfiguration',
  options: {
    podPlayStageParallelism: 16,
    nodePlayStageParallelism: 16,
    nodeLeaseParallelism: 4,
    podsOnNodeSyncParallelism: 4,
  },
};

/** What the crashing loader says. */
export const lastWords = 'modprobe: ERROR: could not insert acme: Key was rejected by service';

/** kwok leaves nodes with this label to themselves: no status, no lease, no pod of theirs moves. */
export const deadLabel = 'story.example/dead';

const crashes = `.spec.containers.[].image | select( endswith("${crashingImage.manifest.descriptor.digest}") )`;

/**
 * Stages beside kwok's own. Containers get ids, which kwok's lack and a kubelet always gives, and a loader of the crashing
 * image ends again and again. They win over kwok's `pod-ready` by their weight.
 */
export const storyStages = [
  stage('pod-starts', { key: crashes, operator: 'DoesNotExist' }, [
    ...conditions('True'),
    'containerStatuses:',
    '{{ range .spec.containers }}',
    '- name: {{ .name | Quote }}',
    '  image: {{ .image | Quote }}',
    '  containerID: {{ printf "kwok://%s" $root.metadata.uid | Quote }}',
    '  ready: true',
    '  restartCount: 0',
    '  state: { running: { startedAt: {{ $now | Quote }} } }',
    '{{ end }}',
  ]),
  stage('pod-crashes', { key: crashes, operator: 'Exists' }, [
    ...conditions('False'),
    'containerStatuses:',
    '{{ range .spec.containers }}',
    '- name: {{ .name | Quote }}',
    '  image: {{ .image | Quote }}',
    '  containerID: {{ printf "kwok://%s" $root.metadata.uid | Quote }}',
    '  ready: false',
    '  restartCount: 1',
    '  state: { waiting: { reason: CrashLoopBackOff, message: "back-off 10s restarting failed container" } }',
    `  lastState: { terminated: { exitCode: 1, reason: Error, message: ${JSON.stringify(lastWords)}, finishedAt: {{ $now | Quote }}, startedAt: {{ $now | Quote }} } }`,
    '{{ end }}',
  ]),
];

function stage(name: string, condition: object, status: readonly string[]): object {
  return {
    apiVersion: 'kwok.x-k8s.io/v1alpha1',
    kind: 'Stage',
    metadata: { name },
    spec: {
      resourceRef: { apiGroup: 'v1', kind: 'Pod' },
      selector: {
        matchExpressions: [
          { key: '.metadata.deletionTimestamp', operator: 'DoesNotExist' },
          { key: '.status.phase', operator: 'In', values: ['Pending'] },
          condition,
        ],
      },
      weight: 1,
      next: {
        statusTemplate: [
          '{{ $now := Now }}',
          '{{ $root := . }}',
          ...status,
          'phase: Running',
          'startTime: {{ $now | Quote }}',
        ].join('\n'),
      },
    },
  };
}

function conditions(ready: 'True' | 'False'): string[] {
  const line = (type: string, status: string) =>
    `- { type: ${type}, status: "${status}", lastTransitionTime: {{ $now | Quote }} }`;
  return ['conditions:', line('Initialized', 'True'), line('Ready', ready), line('ContainersReady', ready)];
}
