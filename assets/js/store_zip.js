// A zip archive of files as they are (stored, not packed): what sends a folder in one piece.

const UTF8_NAMES = 0x800;
const DIRECTORY_DATE = 0x21; // the first of January 1980: no dates of the visitor's files are sent

let table = null;

function crcTable() {
  table ??= Uint32Array.from({length: 256}, (_, start) => {
    let value = start;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    return value;
  });
  return table;
}

/** The check sum of zip and PNG files (CRC-32, polynomial EDB88320). */
export function crc32(bytes) {
  const lookup = crcTable();
  let sum = 0xffffffff;
  for (let place = 0; place < bytes.length; place += 1) sum = lookup[(sum ^ bytes[place]) & 255] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

/** Little-endian bytes of `[size, value]` pairs. */
function record(...fields) {
  const bytes = new Uint8Array(fields.reduce((total, [size]) => total + size, 0));
  const view = new DataView(bytes.buffer);
  let place = 0;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(place, value, true);
    else view.setUint32(place, value, true);
    place += size;
  }
  return bytes;
}

/** Fields that a file's own header and its line in the directory share. */
function facts(sum, size, nameLength) {
  return [[2, UTF8_NAMES], [2, 0], [2, 0], [2, DIRECTORY_DATE], [4, sum], [4, size], [4, size], [2, nameLength], [2, 0]];
}

/** A zip of `[{path, blob}]`; `onFile(done)` after each; stops where `signal` is aborted. */
export async function storeZip(files, {onFile = () => {}, signal} = {}) {
  const parts = [];
  const directory = [];
  let offset = 0;
  for (const [place, {path, blob}] of files.entries()) {
    signal?.throwIfAborted();
    const name = new TextEncoder().encode(path);
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const shared = facts(crc32(bytes), bytes.length, name.length);
    const header = record([4, 0x04034b50], [2, 20], ...shared);
    parts.push(header, name, blob);
    directory.push(record([4, 0x02014b50], [2, 20], [2, 20], ...shared, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]), name);
    offset += header.length + name.length + bytes.length;
    onFile(place + 1);
  }
  const size = directory.reduce((total, bytes) => total + bytes.length, 0);
  const end = record([4, 0x06054b50], [2, 0], [2, 0], [2, files.length], [2, files.length], [4, size], [4, offset], [2, 0]);
  return new Blob([...parts, ...directory, end], {type: "application/zip"});
}
