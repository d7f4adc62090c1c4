/** A file of an archive: path without a leading slash, and content. */
export interface TarFile {
  path: string;
  content: Uint8Array;
  /** 0644 by default. */
  mode?: number;
}

/**
 * A tar archive that is the same for the same files: sorted, parent folders first, owner root, time 0.
 * https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html#tag_20_92_13_06
 */
export function ustar(files: readonly TarFile[]): Uint8Array {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const folders = [...new Set(sorted.flatMap(({ path }) => parentsOf(path)))].sort();
  const blocks = [
    ...folders.map((path) => header(`${path}/`, 0, 0o755, '5')),
    ...sorted.flatMap(({ path, content, mode = 0o644 }) => [header(path, content.length, mode, '0'), padded(content)]),
    new Uint8Array(1024),
  ];
  return Buffer.concat(blocks);
}

function parentsOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

function header(path: string, size: number, mode: number, type: '0' | '5'): Buffer {
  const block = Buffer.alloc(512);
  const { prefix, name } = splitPath(path);
  block.write(name, 0);
  block.write(octal(mode, 7), 100);
  block.write(octal(0, 7), 108);
  block.write(octal(0, 7), 116);
  block.write(octal(size, 11), 124);
  block.write(octal(0, 11), 136);
  // The checksum counts its own field as spaces.
  block.write(' '.repeat(8), 148);
  block.write(type, 156);
  block.write('ustar\x0000', 257);
  block.write(prefix, 345);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148);
  return block;
}

/** A name has room for 100 bytes, and for 155 more of its folders in a second field. */
function splitPath(path: string): { prefix: string; name: string } {
  if (Buffer.byteLength(path) <= 100) return { prefix: '', name: path };
  const slash = path.indexOf('/', Math.max(0, path.length - 101));
  const [prefix, name] = [path.slice(0, Math.max(0, slash)), path.slice(slash + 1)];
  const fits = slash > 0 && name !== '' && Buffer.byteLength(name) <= 100 && Buffer.byteLength(prefix) <= 155;
  if (!fits) throw new Error(`"${path}" does not fit into a tar header: shorten it.`);
  return { prefix, name };
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, '0');
}

function padded(content: Uint8Array): Uint8Array {
  const block = new Uint8Array(Math.ceil(content.length / 512) * 512);
  block.set(content);
  return block;
}
