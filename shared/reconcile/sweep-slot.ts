import { createHash } from 'node:crypto';
import type { TargetKey } from '../events/trigger.ts';

const slotMs = 5 * 60_000;
const slots = 12;

/** Whether a sweep at `now` asks the registry for a Ready target: once an hour, each target in its own 5-minute slot. */
export function isInSlot(target: TargetKey, now: Date): boolean {
  const hash = createHash('sha256')
    .update(`${target.namespace}/${target.module}/${target.kernelVersion}/${target.architecture}`)
    .digest();
  return hash.readUInt32BE(0) % slots === Math.floor(now.getTime() / slotMs) % slots;
}
