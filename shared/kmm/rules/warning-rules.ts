import { annotationRules } from './annotations.ts';
import { buildArgWarnings, buildWarnings } from './build-warnings.ts';
import { imageOfMappingRules } from './image-of-mapping.ts';
import { inTreeRules } from './in-tree.ts';
import { reachableRules } from './reachable.ts';
import { literalKernelRules, regexpRules } from './regexp.ts';
import type { RuleSet } from './rule.ts';
import { buildSelectorRules } from './selector.ts';
import { signLevelRules } from './sign.ts';
import { specWarnings } from './spec-warnings.ts';
import { templateWarnings } from './template-warnings.ts';
import { unknownFieldRules } from './unknown-fields.ts';

/** Sets that only warn: for authors, so they stand apart from what functions carry. */
export const warningRules: readonly RuleSet[] = [
  unknownFieldRules,
  specWarnings,
  templateWarnings,
  buildWarnings,
  buildArgWarnings,
  annotationRules,
  buildSelectorRules,
  inTreeRules,
  signLevelRules,
  literalKernelRules,
  regexpRules,
  reachableRules,
  imageOfMappingRules,
];
