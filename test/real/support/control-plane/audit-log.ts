import { open } from 'node:fs/promises';
import * as z from 'zod';

/** What is recorded: every request but those of the control plane's own components, with who asked and why it was let through. */
export const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [
    { level: 'None', users: ['system:apiserver', 'system:kube-controller-manager', 'system:kube-scheduler', 'kwok'] },
    { level: 'None', userGroups: ['system:serviceaccounts:kube-system'] },
    { level: 'None', nonResourceURLs: ['/readyz*', '/livez*', '/healthz*'] },
    { level: 'Metadata' },
  ],
};

// https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/
const Recorded = z
  .object({
    auditID: z.string(),
    stage: z.enum(['ResponseStarted', 'ResponseComplete', 'Panic']),
    verb: z.string(),
    requestURI: z.string(),
    user: z.object({ username: z.string().default('') }),
    userAgent: z.string().default(''),
    objectRef: z
      .object({
        apiGroup: z.string().default(''),
        resource: z.string().default(''),
        subresource: z.string().default(''),
        namespace: z.string().default(''),
        name: z.string().default(''),
      })
      .optional(),
    responseStatus: z.object({ code: z.number().default(0) }).optional(),
    requestReceivedTimestamp: z.string(),
    annotations: z.record(z.string(), z.string()).default({}),
  })
  .transform(({ auditID, user, objectRef, responseStatus, requestReceivedTimestamp, annotations, ...rest }) => ({
    ...rest,
    id: auditID,
    user: user.username,
    apiGroup: objectRef?.apiGroup ?? '',
    resource: objectRef?.resource ?? '',
    subresource: objectRef?.subresource ?? '',
    namespace: objectRef?.namespace ?? '',
    name: objectRef?.name ?? '',
    code: responseStatus?.code ?? 0,
    at: new Date(requestReceivedTimestamp),
    /** Which binding of which role let it through. */
    reason: annotations['authorization.k8s.io/reason'] ?? '',
  }));

/** One request to the API server. A watch that is still open stands with its stage `ResponseStarted`. */
export type AuditEntry = z.infer<typeof Recorded>;

export interface AuditLog {
  /** All entries so far in the order of their answers, one a request. */
  entries(): Promise<AuditEntry[]>;
}

/** Reads the log of a running API server; each call parses only what is new. */
export function openAuditLog(path: string): AuditLog {
  const found = new Map<string, AuditEntry>();
  let offset = 0;
  let reading: Promise<void> = Promise.resolve();
  const readOn = async () => {
    for (const line of await newLines()) {
      const entry = Recorded.parse(JSON.parse(line));
      found.set(entry.id, entry);
    }
  };
  const newLines = async () => {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const { buffer } = await file.read(Buffer.alloc(size - offset), 0, size - offset, offset);
      // The last line may be half written.
      const whole = buffer.subarray(0, buffer.lastIndexOf('\n') + 1);
      offset += whole.byteLength;
      return whole.toString('utf8').split('\n').slice(0, -1);
    } finally {
      await file.close();
    }
  };
  return {
    async entries() {
      reading = reading.then(readOn);
      await reading;
      return [...found.values()];
    },
  };
}
