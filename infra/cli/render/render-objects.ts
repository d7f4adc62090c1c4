import { renderDevicePluginDaemonSet } from '../../../shared/desired/device-plugin-daemonset.ts';
import { renderLoaderDaemonSet } from '../../../shared/desired/loader-daemonset.ts';
import type { DesiredSettings } from '../../../shared/desired/settings.ts';
import { moduleName } from '../../../shared/kmm/module-name.ts';
import { type OpenedModule, openModule } from '../../../shared/kmm/resolve-module.ts';
import type { Manifest } from '../../../shared/kubernetes/objects.ts';
import type { Digest } from '../../../shared/oci/digest.ts';
import { parseReference } from '../../../shared/oci/parse-reference.ts';

export interface RenderInput {
  kernels: readonly string[];
  architecture: string;
  /** Absent: the image's own when it is named by digest, otherwise a placeholder. */
  digest: Digest | undefined;
  settings: DesiredSettings;
}

export interface Rendered {
  objects: Manifest[];
  /** Why a kernel has no loader, one sentence each. */
  problems: string[];
}

/** No image has it: nobody can take a DaemonSet that was rendered without asking a registry for one that may be applied. */
export const placeholderDigest: Digest = `sha256:${'0'.repeat(64)}`;

/** The objects that one Module becomes on some kernels, as the functions would make them. */
export function renderObjects(raw: unknown, input: RenderInput): Rendered {
  const { architecture, settings } = input;
  const opened = openModule(raw);
  const { namespace, name } = moduleName(raw);
  const objects: Manifest[] = [];
  const problems: string[] = [];
  for (const kernelVersion of input.kernels) {
    const resolution = opened.resolve(kernelVersion);
    if (resolution.outcome === 'resolved') {
      const { data } = resolution;
      const digest = input.digest ?? parseReference(data.containerImage).digest ?? placeholderDigest;
      objects.push(renderLoaderDaemonSet({ data, architecture, digest, settings }));
    } else if (resolution.outcome !== 'no-module-loader') {
      problems.push(`${namespace}/${name} on ${kernelVersion}: ${resolution.outcome}: ${resolution.error}`);
    }
  }
  return { objects: [...objects, ...pluginOf(opened)], problems };
}

/** One for all kernels; for an invalid Module nothing is made. */
function pluginOf({ module, invalid }: OpenedModule): Manifest[] {
  if (module === undefined || invalid !== undefined) return [];
  const { metadata, spec } = module;
  const plugin = renderDevicePluginDaemonSet({
    metadata: { ...metadata, namespace: metadata.namespace ?? 'default' },
    spec,
  });
  return plugin === undefined ? [] : [plugin];
}
