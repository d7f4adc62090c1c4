import assert from 'node:assert/strict';
import { test } from 'node:test';
import { functionRights, type PolicyRule } from '../../../../infra/kubernetes/rbac/rights.ts';
import type { AuditEntry } from '../../support/control-plane/audit-log.ts';
import type { Story } from '../story-support/start-story.ts';

/** Rights that the stories do not use, each with the reason why it is held all the same. */
const unused: Record<string, string> = {};

/** After all stories: what `kmm install` grants is enough, and nothing of it is too much. */
export function rightsStory(story: () => Story): void {
  test('every request of the functions was allowed, and every right was used', async () => {
    const requests = await story().requests();
    const refused = requests.filter(({ code }) => code === 401 || code === 403);
    assert.deepEqual(
      refused.map(({ verb, requestURI }) => `${verb} ${requestURI}`),
      [],
    );
    const used = new Set(requests.flatMap(rightsOf));
    const { cluster, namespaced } = functionRights();
    const granted = [...cluster, ...namespaced].flatMap(rightsIn);
    assert.deepEqual(
      granted.filter((right) => !used.has(right)),
      Object.keys(unused),
      'rights without use',
    );
    assert.deepEqual(
      [...used].filter((right) => !granted.includes(right)),
      [],
      'rights from elsewhere',
    );
  });
}

function rightsIn({ apiGroups, resources, verbs }: PolicyRule): string[] {
  return verbs.map((verb) => `${verb} ${apiGroups[0]}/${resources[0]}`);
}

/** An apply that makes its object needs both verbs, and is recorded as one. */
function rightsOf({ verb, code, apiGroup, resource, subresource }: AuditEntry): string[] {
  const what = `${apiGroup}/${resource}${subresource === '' ? '' : `/${subresource}`}`;
  return verb === 'patch' && code === 201 ? [`patch ${what}`, `create ${what}`] : [`${verb} ${what}`];
}
