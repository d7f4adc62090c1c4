import assert from 'node:assert/strict';
import { it } from 'node:test';
import { linesOf } from '../../../infra/cli/narrate-event.ts';
import { formatLine } from '../../../infra/cli/narrate-format.ts';
import type { Run, StackEvent } from '../../../infra/local/stack-event.ts';
import { digestOf } from '../../../shared/oci/digest.ts';

const run: Run = { function: 'node-changed', triggers: [{ kind: 'node', name: 'a', change: 'joined' }] };
const quiet: Run = { function: 'rollout-changed', triggers: [{ kind: 'rollout', namespace: 'n', module: 'm' }] };
const target = { namespace: 'n', module: 'm', kernelVersion: '6.1.0', architecture: 'amd64' };
const digest = digestOf(Buffer.from('an image'));
const short = `${digest.slice(0, 'sha256:'.length + 12)}…`;
const image = 'registry.example/m:6.1.0';
const nothing = { lookUps: [], writes: [], labelled: [], failures: [] };

function texts(event: StackEvent): string[] | undefined {
  return linesOf(event)?.map(({ kind, text }) => `${kind}: ${text}`);
}

it('a decision is told with its mapping, the answer and the state', () => {
  const decision = { target, state: 'RollingOut', reason: 'Applied', message: `rolling out ${digest}`, image } as const;
  const mapping = { index: 1, regexp: '^6' };
  const answer = { kind: 'found', digest, tagDigest: digest, annotations: {} } as const;
  const lookUps = [{ reference: image, architecture: 'amd64', answer }];
  assert.deepEqual(texts({ kind: 'decided', run, decision: { ...decision, mapping }, lookUps, writes: [] }), [
    'mapping: kernelMappings[1] regexp ^6 matches 6.1.0 → registry.example/m:6.1.0',
    `registry: m:6.1.0 for amd64: found, ${short}`,
    `state: 6.1.0/amd64 is RollingOut (Applied): rolling out ${short}`,
  ]);
});

for (const [answer, words] of [
  [{ kind: 'missing', platforms: [] }, 'not there'],
  [{ kind: 'missing', platforms: ['arm64'] }, 'there for arm64 only'],
  [{ kind: 'unreachable', code: 'TLS', message: 'self-signed' }, 'no answer (TLS): self-signed'],
] as const) {
  it(`a registry that answers "${words}" is told so`, () => {
    const lookUps = [
      {
        reference: image,
        architecture: 'amd64',
        answer: { ...answer, platforms: 'platforms' in answer ? [...answer.platforms] : [] },
      },
    ];
    assert.deepEqual(texts({ kind: 'run-ended', run, ...nothing, lookUps }), [`registry: m:6.1.0 for amd64: ${words}`]);
  });
}

it('nodes that get the same labels stand in one line', () => {
  const labels = { 'x/ready': '', 'x/old': null };
  const labelled = ['a', 'b'].map((node) => ({ node, labels }));
  assert.deepEqual(texts({ kind: 'run-ended', run, ...nothing, labelled }), ['labels: a, b: + x/ready, - x/old']);
});

it('a run that fails is told with its reason', () => {
  assert.deepEqual(texts({ kind: 'run-ended', run: quiet, ...nothing, failures: ['HTTP 500'] }), [
    'error: rollout-changed failed and comes again: HTTP 500',
  ]);
});

it('a run by which nothing came is not worth a word', () => {
  assert.equal(texts({ kind: 'run-started', run: quiet }), undefined);
  assert.equal(texts({ kind: 'run-ended', run: quiet, ...nothing }), undefined);
});

it('a line for people has a time, a sort and words', () => {
  assert.equal(
    formatLine({ kind: 'state', text: 'it is so' }, 1.5, (_, text) => text),
    '  1.50s  state      it is so\n',
  );
});
