/** Whether a path (still a template or not) starts in the directory. */
export function isUnder(file: string, dirName: string): boolean {
  return file.startsWith(dirName === '/' ? '/' : `${dirName}/`);
}

/** Why a path must not be signed once its variables are replaced; undefined when it may. */
export function whyNoFileToSign(file: string, dirName: string): string | undefined {
  if (!isUnder(file, dirName)) return `file to sign "${file}" is not under ${dirName}`;
  return file.split('/').includes('..') ? `file to sign "${file}" leaves ${dirName} by ".."` : undefined;
}
