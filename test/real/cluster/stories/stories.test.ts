import { after, before, describe } from 'node:test';
import { missingControlPlane } from '../../support/control-plane/binary.ts';
import { type Story, startStory } from '../story-support/start-story.ts';
import { badTimeStories } from './bad-times.ts';
import { calmStories } from './calm.ts';
import { changingNodeStories } from './changing-nodes.ts';
import { glanceStory } from './glance.ts';
import { imageStories } from './images.ts';
import { joiningStories } from './joining.ts';
import { rightsStory } from './rights.ts';
import { versionStories } from './versions.ts';

describe('the functions on a real control plane', { skip: await missingControlPlane() }, () => {
  let running: Story | undefined;
  before(async () => {
    running = await startStory({ impatient: true });
  });
  after(() => running?.stop());
  const story = () => {
    if (running === undefined) throw new Error('The stories have not begun');
    return running;
  };

  joiningStories(story);
  changingNodeStories(story);
  imageStories(story);
  badTimeStories(story);
  versionStories(story);
  calmStories(story);
  glanceStory(story);
  rightsStory(story);
});
