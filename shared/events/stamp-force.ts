import type { Decoded } from './decoded.ts';

/** Puts the time of arrival on forces: whoever carries it out, however often, means the same one. */
export function stampForce(decoded: readonly Decoded[], now: Date): Decoded[] {
  return decoded.map((item) => {
    if (item.kind !== 'triggers') return item;
    const triggers = item.triggers.map((trigger) =>
      trigger.kind === 'resolve' && trigger.force === true ? { forcedAt: now.toISOString(), ...trigger } : trigger,
    );
    return { ...item, triggers };
  });
}
