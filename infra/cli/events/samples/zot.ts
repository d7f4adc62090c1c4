import { configType, jsonSample, manifestType, type SampleMaker } from './sample.ts';

/** A CloudEvent in binary mode; the registry is nowhere in it. */
export const zotSample: SampleMaker = ({ action, repository, tag, digest, at, id }) => {
  const manifest = { schemaVersion: 2, mediaType: manifestType, config: { mediaType: configType }, layers: [] };
  const body = { name: repository, reference: tag ?? digest, digest, mediaType: manifestType };
  return jsonSample(action === 'push' ? { ...body, manifest: JSON.stringify(manifest) } : body, {
    'ce-specversion': '1.0',
    'ce-id': id,
    'ce-source': 'zotregistry.dev',
    'ce-type': `zotregistry.image.${action === 'push' ? 'updated' : 'deleted'}`,
    'ce-time': at.toISOString(),
  });
};
