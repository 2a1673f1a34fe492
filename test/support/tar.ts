const BLOCK = 512;

export interface TarMember {
  readonly name: string;
  readonly bytes?: Buffer;
  /** As in the header: `0` a file, `2` a symbolic link, `5` a folder, `L` the next one's long name. */
  readonly type?: string;
}

/** A tar file of these entries, as they are: also names and kinds that no honest archive has. */
export function tarOf(members: readonly TarMember[]): Buffer {
  const blocks = members.flatMap(({ name, bytes = Buffer.alloc(0), type = '0' }) => [
    headerOf(name, bytes.length, type),
    bytes,
    Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK),
  ]);
  return Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
}

function headerOf(name: string, size: number, type: string): Buffer {
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 100, 'latin1');
  header.write('0000644\0', 100);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write(' '.repeat(8), 148);
  header.write(type, 156);
  if (type === '2') header.write('/etc/passwd', 157);
  header.write('ustar\0', 257);
  header.write('00', 263);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}
