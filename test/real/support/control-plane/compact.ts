import * as z from 'zod';

const Header = z.object({ header: z.object({ revision: z.string() }) });

/** Compacts etcd (by its JSON gateway) up to its present revision. */
export async function compact(etcd: string): Promise<void> {
  const call = async (path: string, body: object): Promise<unknown> => {
    const answer = await fetch(`${etcd}${path}`, { method: 'POST', body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path} of etcd: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const { header } = Header.parse(await call('/v3/kv/range', { key: Buffer.from('/').toString('base64') }));
  await call('/v3/kv/compaction', { revision: header.revision, physical: true });
}
