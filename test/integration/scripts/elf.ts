/** A GNU build-id note as the kernel shows it and as an ELF section holds it: sizes, type, "GNU", the id. */
export function buildIdNote(buildId: string): Buffer {
  const id = Buffer.from(buildId, 'hex');
  const head = Buffer.alloc(16);
  head.writeUInt32LE(4, 0);
  head.writeUInt32LE(id.length, 4);
  head.writeUInt32LE(3, 8);
  head.write('GNU\0', 12, 'latin1');
  return Buffer.concat([head, id]);
}

/** The least 64-bit ELF file that has sections, one of them the build-id note after another note. */
export function kernelObjectFile(buildId: string): Buffer {
  const other = Buffer.alloc(20, 1);
  const note = buildIdNote(buildId);
  const header = Buffer.alloc(64);
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  header.writeBigUInt64LE(BigInt(64 + other.length + note.length), 40);
  header.writeUInt16LE(64, 58);
  header.writeUInt16LE(3, 60);
  const sections = [section(0, 0, 0), section(7, 64, other.length), section(7, 64 + other.length, note.length)];
  return Buffer.concat([header, other, note, ...sections]);
}

function section(type: number, offset: number, size: number): Buffer {
  const bytes = Buffer.alloc(64);
  bytes.writeUInt32LE(type, 4);
  bytes.writeBigUInt64LE(BigInt(offset), 24);
  bytes.writeBigUInt64LE(BigInt(size), 32);
  return bytes;
}
