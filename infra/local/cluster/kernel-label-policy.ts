import { kernelLabelValue } from '../../../shared/kmm/kernel-label-value.ts';
import { labels } from '../../../shared/kmm/labels.ts';
import { isRecord } from './store/object.ts';
import type { Admit } from './store/write.ts';

/**
 * Plays the MutatingAdmissionPolicy that labels Nodes with their kernel: in every write of a Node, so that a label that
 * was removed or falsified comes back in that very write.
 */
export const kernelLabelPolicy: Admit = (kind, object) => {
  const status = kind === 'Node' && isRecord(object['status']) ? object['status'] : {};
  const info = isRecord(status['nodeInfo']) ? status['nodeInfo'] : {};
  const { kernelVersion } = info;
  if (typeof kernelVersion !== 'string') return object;
  const value = kernelLabelValue(kernelVersion);
  const { metadata } = object;
  if (metadata.labels?.[labels.kernelVersion] === value) return object;
  return { ...object, metadata: { ...metadata, labels: { ...metadata.labels, [labels.kernelVersion]: value } } };
};
