import { callKmm } from '../../unit/cli/call-kmm.ts';

/** Sends a sample by `kmm events send`; the status that the door answered. */
export async function callDoorBy(source: string, url: string, secret: string): Promise<number> {
  const argv = ['events', 'send', '--source', source, '--url', url, '-o', 'json'];
  const { stdout, stderr } = await callKmm(argv, { env: { KMM_DOOR_SECRET: secret }, ports: { fetch } });
  if (stdout === '') throw new Error(`kmm events send failed: ${stderr}`);
  return JSON.parse(stdout).status;
}
