import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parseAllDocuments } from 'yaml';
import * as z from 'zod';
import { renderModulePolicy } from '../../../infra/kubernetes/policies/module-policy.ts';
import { dropNulls } from '../../../shared/kmm/drop-nulls.ts';
import type { Finding } from '../../../shared/kmm/finding.ts';
import { lintModule } from '../../../shared/kmm/lint-module.ts';
import { decidingRules } from '../../../shared/kmm/rules/deciding-rules.ts';
import { type ModuleOverrides, rawModule } from '../../builders/module.ts';
import { crdOnly, lintOnly, refusedBefore, refusedModules } from '../../builders/refused-modules.ts';
import { missingControlPlane } from '../support/control-plane/binary.ts';
import { installModuleCrd } from '../support/control-plane/install-module-crd.ts';
import { type ControlPlane, startControlPlane } from '../support/control-plane/start-control-plane.ts';
import { applyPolicies } from './apply-policies.ts';

const Named = z.looseObject({
  metadata: z.looseObject({ name: z.string(), namespace: z.string().default('default') }),
});
const Status = z.object({ message: z.string() });
const fixtures = ['documented-shapes.yaml', 'documented-sample.yaml'];

describe('the Module CRD and its policy on a real API server', { skip: await missingControlPlane() }, () => {
  let plane: ControlPlane;

  before(async () => {
    plane = await startControlPlane({ without: ['kube-controller-manager', 'kube-scheduler', 'kwok'] });
    await installModuleCrd(plane);
    for (const name of ['gpu', 'kmm-demo', 'g'.repeat(30)]) {
      await plane.api.call('POST', '/api/v1/namespaces', { metadata: { name } });
    }
    // Until the policy is seen, what it refuses is let through.
    await applyPolicies(plane, renderModulePolicy(), async () => (await create(tooLong)).status === 422);
  });
  after(() => plane?.stop());

  const tooLong = rawModule({ metadata: { name: 'n'.repeat(39) } });
  const pathOf = (namespace: string) => `/apis/kmm.sigs.x-k8s.io/v1beta1/namespaces/${namespace}/modules`;

  /** A dry run, unless it shall stay. Nulls are what a person leaves empty. */
  async function create(raw: unknown, query = '?dryRun=All'): Promise<{ status: number; message: string }> {
    const object = Named.parse(dropNulls(raw)?.value);
    const answer = await plane.api.send('POST', `${pathOf(object.metadata.namespace)}${query}`, object);
    return { status: answer.status, message: Status.safeParse(answer.body).data?.message ?? '' };
  }

  for (const { rule, module, says } of refusedModules) {
    test(`refuses as lint does: ${rule} of ${JSON.stringify(module).slice(0, 90)}`, async () => {
      const finding = errorsOf(module).find((found) => found.rule === rule);
      assert.ok(finding, 'lint does not find it');
      const { status, message } = await create(rawModule(module));
      assert.equal(status, 422, message);
      assert.ok(message.includes(says ?? finding.message), `${message}\nshould say: ${says ?? finding.message}`);
    });
  }

  for (const { rule, module, because } of lintOnly) {
    test(`leaves to lint ${rule} of ${JSON.stringify(module).slice(0, 90)}: ${because}`, async () => {
      assert.ok(errorsOf(module).some((found) => found.rule === rule));
      assert.equal((await create(rawModule(module))).status, 201);
    });
  }

  for (const { module, because, says } of crdOnly) {
    test(`is stricter than lint with ${JSON.stringify(module).slice(0, 90)}: ${because}`, async () => {
      assert.deepEqual(errorsOf(module), []);
      const { status, message } = await create(rawModule(module));
      assert.equal(status, 422);
      assert.ok(message.includes(says), message);
    });
  }

  test('every rule of lint that is an error has its case', () => {
    const named = new Set([...refusedModules.map(({ rule }) => rule), ...refusedBefore]);
    const warnings = [
      'image-short-name',
      'firmware-path',
      'plugin-image-reference',
      'selector-kernel-label',
      'selector-value',
    ];
    const ids = decidingRules.flatMap(({ ids }) => ids).filter((id) => !warnings.includes(id));
    assert.deepEqual(
      [...new Set(ids)].filter((id) => !named.has(id)),
      [],
    );
  });

  test("takes KMM's documented shapes, or refuses them for the reason that lint gives", async () => {
    const outcomes: Record<string, string> = {};
    for (const file of fixtures) {
      const text = await readFile(join(import.meta.dirname, '../../fixtures/modules', file), 'utf8');
      for (const document of parseAllDocuments(text)) {
        const raw: unknown = document.toJS();
        const { metadata } = Named.parse(raw);
        const finding = lintModule(raw).find(({ severity }) => severity === 'error');
        const { status, message } = await create(raw, '?fieldValidation=Strict');
        assert.equal(status, finding === undefined ? 201 : 422, `${metadata.name}: ${message}`);
        outcomes[metadata.name] = finding?.rule ?? 'taken';
      }
    }
    assert.deepEqual(outcomes, {
      prebuilt: 'taken',
      'built-in-cluster': 'taken',
      'signed-only': 'taken',
      'soft-dependencies': 'taken',
      'raw-arguments': 'taken',
      'in-tree-device-plugin': 'taken',
      'refused-no-mappings': 'kernel-mappings-required',
      'refused-no-selector': 'selector-required',
      'refused-both-in-tree': 'in-tree-both',
      'refused-untagged': 'image-tag',
      'my-kmod': 'taken',
    });
  });

  test('fills in the defaults of KMM, and keeps core types whole', async () => {
    const module = rawModule({
      metadata: { name: 'defaults' },
      container: { build: { dockerfileConfigMap: { name: 'd' }, kanikoParams: {} } },
      spec: { devicePlugin: { container: { image: 'r.example/p:1', env: [{ name: 'A', future: { x: 1 } }] } } },
    });
    const stored = JSON.stringify(await plane.api.call('POST', pathOf('gpu'), module));
    assert.match(stored, /"dirName":"\/opt"/);
    assert.match(stored, /"kanikoParams":\{"tag":"latest"\}/);
    assert.match(stored, /"future":\{"x":1\}/);
  });

  test('lets a version change, but neither come nor go', async () => {
    const path = `${pathOf('gpu')}/versioned`;
    await plane.api.call(
      'POST',
      pathOf('gpu'),
      rawModule({ metadata: { name: 'versioned' }, container: { version: 'v1' } }),
    );
    const patch = async (version: string | null) => {
      const body = { spec: { moduleLoader: { container: { version } } } };
      const answer = await plane.api.send('PATCH', path, body, 'application/merge-patch+json');
      return [answer.status, Status.safeParse(answer.body).data?.message ?? ''] as const;
    };
    assert.equal((await patch('v2'))[0], 200);
    for (const none of [null, '']) {
      const [status, message] = await patch(none);
      assert.equal(status, 422);
      assert.match(message, /container\.version: .*version can't be added/);
    }
  });

  test('counts names to 41 with the namespace, at creation only', async () => {
    const namespace = 'g'.repeat(30);
    assert.equal((await create(rawModule({ metadata: { namespace, name: 'a'.repeat(11) } }), '')).status, 201);
    const { status, message } = await create(rawModule({ metadata: { namespace, name: 'a'.repeat(12) } }));
    assert.equal(status, 422);
    assert.match(message, /have 42 characters together, 41 at most/);
  });

  test('takes our status by merge patch, and only keys that are kernels', async () => {
    const path = `${pathOf('gpu')}/defaults/status`;
    const patch = (kernels: object) =>
      plane.api.send('PATCH', path, { status: { kernels } }, 'application/merge-patch+json');
    assert.equal((await patch({ '6.1.0-1.el9+rt~x/amd64': { state: 'Ready', observedGeneration: 1 } })).status, 200);
    assert.equal((await patch({ '6.1.0': { state: 'Ready' } })).status, 422);
    assert.equal((await patch({ '6.1.0/amd64': { state: 'Fine' } })).status, 422);
    const { body } = await patch({ '6.1.0-1.el9+rt~x/amd64': null });
    assert.doesNotMatch(JSON.stringify(body), /el9\+rt/);
  });

  test('shows at a glance what stands and why', async () => {
    const conditions = [{ type: 'Ready', status: 'False', reason: 'ImageMissing', message: '6.1.0/amd64: not there' }];
    const path = `${pathOf('gpu')}/versioned/status`;
    await plane.api.call('PATCH', path, { status: { conditions } }, 'application/merge-patch+json');
    const table = await plane.kubectl(['get', 'modules', '-n', 'gpu', 'versioned']);
    assert.match(
      table,
      /^NAME +READY +REASON +MESSAGE +AGE\nversioned +False +ImageMissing +6\.1\.0\/amd64: not there/,
    );
  });
});

function errorsOf(module: ModuleOverrides): Finding[] {
  return lintModule(rawModule(module)).filter(({ severity }) => severity === 'error');
}
