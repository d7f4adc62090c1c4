import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { renderDevicePluginDaemonSet } from '../../../shared/desired/device-plugin-daemonset.ts';
import { renderLoaderDaemonSet } from '../../../shared/desired/loader-daemonset.ts';
import { defaultDesiredSettings } from '../../../shared/desired/settings.ts';
import { openModule } from '../../../shared/kmm/resolve-module.ts';
import { enforceLabel, podSecurityVerdict, sccNote } from '../../../shared/kubernetes/pod-security.ts';
import { devicePlugin, rawModule } from '../../builders/module.ts';
import { digestA, moduleLoaderData } from '../../builders/module-loader-data.ts';

const settings = defaultDesiredSettings;
const loader = renderLoaderDaemonSet({ data: moduleLoaderData(), architecture: 'amd64', digest: digestA, settings });
const pluginModule = openModule(rawModule({ spec: { devicePlugin } })).module;
const plugin = pluginModule && renderDevicePluginDaemonSet(pluginModule);
const harmless = {
  spec: { template: { spec: { containers: [{ name: 'a', securityContext: { capabilities: { add: ['CHOWN'] } } }] } } },
};

const namespace = (level?: string, annotations: Record<string, string> = {}) => ({
  name: 'gpu',
  labels: level === undefined ? {} : { [enforceLabel]: level },
  annotations,
});

suite('the Pod Security level of a namespace', () => {
  const verdicts: [level: string | undefined, what: string, daemonSet: unknown, kind: string][] = [
    [undefined, 'loader pods, as far as can be read', loader, 'allowed'],
    ['privileged', 'loader pods', loader, 'allowed'],
    ['baseline', 'loader pods', loader, 'forbidden'],
    ['restricted', 'loader pods', loader, 'forbidden'],
    ['no-level-at-all', 'loader pods', loader, 'forbidden'],
    ['baseline', 'device-plugin pods', plugin, 'forbidden'],
    ['baseline', 'pods that ask for nothing', harmless, 'allowed'],
    ['baseline', 'pods of something that is no DaemonSet', 'nothing', 'allowed'],
  ];
  for (const [level, what, daemonSet, kind] of verdicts) {
    test(`${level ?? 'that is not set'}: ${what} are ${kind}`, () => {
      assert.equal(podSecurityVerdict(namespace(level), daemonSet).kind, kind);
    });
  }

  test('the verdict names what is forbidden and the label that helps', () => {
    const verdict = podSecurityVerdict(namespace('baseline'), loader);
    assert.equal(verdict.kind, 'forbidden');
    assert.deepEqual(verdict.why, [
      'hostPath volumes node-lib-modules, node-run-kmm',
      'capability SYS_MODULE',
      'SELinux type spc_t',
    ]);
    assert.match(
      verdict.message,
      /namespace gpu enforces .*"baseline".*label it pod-security\.kubernetes\.io\/enforce=privileged$/,
    );
  });

  test('an unknown level is called by what the API server takes it for', () => {
    const verdict = podSecurityVerdict(namespace('strict'), loader);
    assert.equal(verdict.kind === 'forbidden' && verdict.level, 'restricted');
  });
});

suite('the SCC note', () => {
  const openShift = { 'openshift.io/sa.scc.mcs': 's0:c26,c5' };
  test('names the command for the service account of the pods', () => {
    assert.match(
      sccNote(namespace(undefined, openShift), loader) ?? '',
      /add-scc-to-user privileged -z default -n gpu/,
    );
    const named = renderLoaderDaemonSet({
      data: moduleLoaderData({ serviceAccountName: 'loader' }),
      architecture: 'amd64',
      digest: digestA,
      settings,
    });
    assert.match(sccNote(namespace(undefined, openShift), named) ?? '', /-z loader /);
  });
  test('is not given elsewhere, nor for pods that need none', () => {
    assert.equal(sccNote(namespace('privileged'), loader), undefined);
    assert.equal(sccNote(namespace(undefined, openShift), harmless), undefined);
  });
});
