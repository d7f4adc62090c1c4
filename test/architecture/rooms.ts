/** What the files of one room of the house may import: files of `rooms` (path prefixes), and `packages`. */
export type Room = { room: string; rooms: readonly string[] | 'any'; packages: readonly string[] | 'any' };

/** Rooms that compute only: no effect, no clock, no chance, no environment. What they need comes as an argument. */
export const pureRooms = ['kmm', 'kernel', 'oci', 'events', 'reconcile', 'desired', 'signing', 'kubernetes'].map(
  (name) => `shared/${name}`,
);

const purePackages = ['zod', 're2js', 'node:crypto', 'node:buffer'];

/** Extra packages of single pure rooms: they stay pure, for keys, bytes and `now` come as arguments. */
const extraPackages: Record<string, readonly string[]> = {
  'shared/events': ['cloudevents', 'jose'],
  'shared/signing': [
    ...['@peculiar/asn1-cms', '@peculiar/asn1-schema', '@peculiar/asn1-x509', 'asn1js', 'pkijs'],
    ...['modern-tar', 'xz-decompress', 'node:zlib', 'node:stream'],
  ],
};

/** The import rules. A file belongs to the first room whose path holds it; a file in none may not exist. */
export const rooms: readonly Room[] = [
  ...pureRooms.map((room) => ({
    room,
    rooms: pureRooms,
    packages: [...purePackages, ...(extraPackages[room] ?? [])],
  })),
  { room: 'shared/ports', rooms: ['shared/ports', ...pureRooms], packages: [] },
  {
    room: 'shared/adapters',
    rooms: ['shared/adapters', 'shared/ports', ...pureRooms],
    packages: ['node:*', 'zod', 'p-limit', '@aws-sdk/*', '@kubernetes/client-node'],
  },
  {
    room: 'shared/steps',
    rooms: ['shared/steps', 'shared/ports', ...pureRooms],
    packages: ['p-limit', 'node:crypto', 'node:buffer'],
  },
  {
    room: 'shared/runtime',
    rooms: ['shared/runtime', 'shared/adapters', 'shared/ports', ...pureRooms],
    packages: ['node:*', 'zod', 'hono', 'cloudevents'],
  },
  {
    room: 'functions',
    rooms: ['shared/steps', 'shared/runtime', 'shared/ports', ...pureRooms],
    packages: ['zod', 'node:crypto', 'node:buffer'],
  },
  { room: 'infra', rooms: 'any', packages: 'any' },
  { room: 'test', rooms: 'any', packages: 'any' },
];

/** The folders that may hold code. */
export const codeFolders = ['functions', 'shared', 'infra', 'test'] as const;
