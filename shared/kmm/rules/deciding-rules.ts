import { buildArgRules, buildRules } from './build.ts';
import { containerRules, loaderRules } from './container.ts';
import { deviceClassRules, draRules } from './dra.ts';
import { identityRules } from './identity.ts';
import { imageRules } from './image.ts';
import { mappingRules } from './mapping.ts';
import { loadingOrderRules, modprobeRules } from './modprobe.ts';
import { pluginContainerRules, pluginRules, volumeRules } from './plugin.ts';
import type { RuleSet } from './rule.ts';
import { selectorRules } from './selector.ts';
import { signFileRules, signRules } from './sign.ts';
import { specRules } from './spec.ts';
import { templateRules } from './template.ts';
import { tolerationRules } from './tolerations.ts';

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
