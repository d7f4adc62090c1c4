const labelName = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const dnsLabel = /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/;

// https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set

/** `[prefix/]name`, as keys of labels, taints and annotations have it. */
export function isQualifiedName(text: string): boolean {
  const [first = '', second, ...more] = text.split('/');
  if (second === undefined) return isLabelName(first);
  return more.length === 0 && isDnsSubdomain(first) && isLabelName(second);
}

/** The value of a label: empty, or up to 63 characters. */
export function isLabelValue(text: string): boolean {
  return text === '' || isLabelName(text);
}

export function isDnsSubdomain(text: string): boolean {
  return text.length <= 253 && text.split('.').every((label) => dnsLabel.test(label));
}

export function isDnsLabel(text: string): boolean {
  return text.length <= 63 && dnsLabel.test(text);
}

function isLabelName(text: string): boolean {
  return text.length <= 63 && labelName.test(text);
}
