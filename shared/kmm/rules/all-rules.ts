import { annotationRules } from './annotations.ts';
import { buildArgRules, buildRules } from './build.ts';
import { containerRules, loaderRules } from './container.ts';
import { deviceClassRules, draRules } from './dra.ts';
import { identityRules } from './identity.ts';
import { imageRules } from './image.ts';
import { imageOfMappingRules } from './image-of-mapping.ts';
import { inTreeRules } from './in-tree.ts';
import { mappingRules } from './mapping.ts';
import { loadingOrderRules, modprobeRules } from './modprobe.ts';
import { pluginContainerRules, pluginRules, volumeRules } from './plugin.ts';
import { reachableRules } from './reachable.ts';
import { literalKernelRules, regexpRules } from './regexp.ts';
import type { RuleSet } from './rule.ts';
import { buildSelectorRules, selectorRules } from './selector.ts';
import { signFileRules, signLevelRules, signRules } from './sign.ts';
import { specRules } from './spec.ts';
import { templateRules } from './template.ts';
import { tolerationRules } from './tolerations.ts';
import { unknownFieldRules } from './unknown-fields.ts';

/** Sets that can find errors: a Module that breaks one of these rules is invalid. */
export const decidingRules: readonly RuleSet[] = [
  identityRules,
  specRules,
  selectorRules,
  tolerationRules,
  draRules,
  deviceClassRules,
  pluginRules,
  pluginContainerRules,
  volumeRules,
  loaderRules,
  containerRules,
  mappingRules,
  templateRules,
  imageRules,
  modprobeRules,
  loadingOrderRules,
  buildRules,
  buildArgRules,
  signRules,
  signFileRules,
];

/** Sets that only warn. */
export const warningRules: readonly RuleSet[] = [
  unknownFieldRules,
  annotationRules,
  buildSelectorRules,
  inTreeRules,
  signLevelRules,
  literalKernelRules,
  regexpRules,
  reachableRules,
  imageOfMappingRules,
];
