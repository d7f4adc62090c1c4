/** The longest kernel name that we serve; `uname -r` itself ends at 64. */
const kernelName = /^[A-Za-z0-9._+~-]{1,64}$/;

/** Whether a cluster's node may be served: anything else as a kernel makes that node alone Invalid. */
export function isKernelName(text: string): boolean {
  return kernelName.test(text);
}

/** The kernel as mappings see it: exactly one trailing `+` is cut (`6.1.0++` keeps one), as KMM does. */
export function matchedKernelVersion(kernelVersion: string): string {
  return kernelVersion.endsWith('+') ? kernelVersion.slice(0, -1) : kernelVersion;
}

/** The kernel as templates see it: each rune that is illegal in an image tag becomes one `_` (an emoji too: one). */
export function normalizeKernelVersion(kernelVersion: string): string {
  return matchedKernelVersion(kernelVersion).replace(/[^A-Za-z0-9._-]/gu, '_');
}

/** The parts of a normalised kernel, from which `KERNEL_X`, `KERNEL_Y` and `KERNEL_Z` are taken. */
export function kernelComponents(kernelNormalizedVersion: string): string[] {
  return kernelNormalizedVersion.split(/[.,-]/);
}
