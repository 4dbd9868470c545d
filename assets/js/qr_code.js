// assets/js/qr_code.js: QR codes of links (ISO/IEC 18004): byte mode, versions 1 to 10, level M

/** Per version 1..10 at level M: [codewords in all, check codewords per block, blocks]. */
const BLOCKS = [
  [26, 10, 1], [44, 16, 1], [70, 26, 1], [100, 18, 2], [134, 24, 2],
  [172, 16, 4], [196, 18, 4], [242, 22, 4], [292, 22, 5], [346, 26, 5],
];
/** Row (and column) centres of the alignment patterns, per version 1..10. */
const ALIGNMENT = [
  [], [6, 18], [6, 22], [6, 26], [6, 30], [6, 34], [6, 22, 38], [6, 24, 42], [6, 26, 46], [6, 28, 50],
];
const LEVEL_M = 0b00;
const BYTE_MODE = 0b0100;

/** Whether mask pattern 0..7 inverts the module at (row, column). */
const MASKS = [
  (i, j) => (i + j) % 2 === 0,
  (i) => i % 2 === 0,
  (i, j) => j % 3 === 0,
  (i, j) => (i + j) % 3 === 0,
  (i, j) => (Math.floor(i / 2) + Math.floor(j / 3)) % 2 === 0,
  (i, j) => ((i * j) % 2) + ((i * j) % 3) === 0,
  (i, j) => (((i * j) % 2) + ((i * j) % 3)) % 2 === 0,
  (i, j) => (((i + j) % 2) + ((i * j) % 3)) % 2 === 0,
];

/** Bytes of data that a version holds beside the mode and the length. */
export function capacity(version) {
  const [total, check, blocks] = BLOCKS[version - 1];
  return total - check * blocks - (version < 10 ? 2 : 3);
}

/** Product in GF(256) modulo x^8 + x^4 + x^3 + x^2 + 1. */
function multiply(a, b) {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >>> 7) * 0x11d);
    product ^= ((b >>> bit) & 1) * a;
  }
  return product;
}

/** Reed-Solomon check codewords: the remainder of data(x) x^count modulo the generator. */
export function checkCodewords(data, count) {
  const generator = new Uint8Array(count);
  generator[count - 1] = 1; // coefficients after the leading 1
  for (let i = 0, root = 1; i < count; i += 1, root = multiply(root, 2)) {
    for (let j = 0; j < count; j += 1) {
      generator[j] = multiply(generator[j], root) ^ (j + 1 < count ? generator[j + 1] : 0);
    }
  }
  const remainder = new Uint8Array(count);
  for (const codeword of data) {
    const factor = codeword ^ remainder[0];
    remainder.copyWithin(0, 1);
    remainder[count - 1] = 0;
    for (let j = 0; j < count; j += 1) remainder[j] ^= multiply(generator[j], factor);
  }
  return remainder;
}

/** Mode, length, bytes, terminator and the pad codewords 236, 17. */
export function dataCodewords(bytes, version) {
  const [total, check, blocks] = BLOCKS[version - 1];
  const bits = [];
  const append = (value, length) => {
    for (let bit = length - 1; bit >= 0; bit -= 1) bits.push((value >>> bit) & 1);
  };
  append(BYTE_MODE, 4);
  append(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) append(byte, 8);
  append(0, 4);
  const codewords = new Uint8Array(total - check * blocks);
  const used = bits.length / 8;
  for (let i = 0; i < used; i += 1) {
    codewords[i] = bits.slice(8 * i, 8 * i + 8).reduce((value, bit) => 2 * value + bit, 0);
  }
  for (let i = used; i < codewords.length; i += 1) codewords[i] = (i - used) % 2 ? 17 : 236;
  return codewords;
}

/** Blocks interleaved column by column: data first, check codewords after. */
export function interleaved(data, version) {
  const [, check, count] = BLOCKS[version - 1];
  const short = Math.floor(data.length / count);
  const blocks = [];
  for (let block = 0, start = 0; block < count; block += 1) {
    const length = short + (block >= count - (data.length % count) ? 1 : 0);
    blocks.push(data.subarray(start, start + length));
    start += length;
  }
  const checks = blocks.map((block) => checkCodewords(block, check));
  const sequence = [];
  for (let i = 0; i <= short; i += 1) {
    for (const block of blocks) if (i < block.length) sequence.push(block[i]);
  }
  for (let i = 0; i < check; i += 1) for (const block of checks) sequence.push(block[i]);
  return Uint8Array.from(sequence);
}

/** A value followed by its BCH remainder of `width` bits. */
function withRemainder(value, generator, width) {
  let remainder = value << width;
  for (let bit = 31; bit >= width; bit -= 1) {
    if ((remainder >>> bit) & 1) remainder ^= generator << (bit - width);
  }
  return (value << width) | remainder;
}

/** The 15 bits beside the finder patterns: level M and the mask. */
export function formatBits(mask) {
  return withRemainder((LEVEL_M << 3) | mask, 0b10100110111, 10) ^ 0b101010000010010;
}

/** The 18 bits that versions from 7 carry. */
export function versionBits(version) {
  return withRemainder(version, 0b1111100100101, 12);
}

/** Function patterns: modules[row][column] is 0, 1 or null where data will go. */
function blank(version) {
  const size = 17 + 4 * version;
  const modules = Array.from({length: size}, () => new Array(size).fill(null));
  const square = (row, column, reach, dark) => {
    for (let i = -reach; i <= reach; i += 1) {
      for (let j = -reach; j <= reach; j += 1) {
        const line = modules[row + i];
        if (line && column + j in line) line[column + j] = dark(Math.max(Math.abs(i), Math.abs(j)));
      }
    }
  };
  for (let i = 0; i < size; i += 1) modules[6][i] = modules[i][6] = 1 - (i % 2);
  const centres = ALIGNMENT[version - 1];
  const last = centres.at(-1);
  for (const row of centres) {
    for (const column of centres) {
      const finder = Math.min(row, column) === 6 && [6, last].includes(Math.max(row, column));
      if (!finder) square(row, column, 2, (distance) => Number(distance !== 1));
    }
  }
  for (const [row, column] of [[3, 3], [3, size - 4], [size - 4, 3]]) {
    square(row, column, 4, (distance) => Number(distance !== 2 && distance !== 4));
  }
  writeFormat(modules, 0);
  writeVersion(modules, version);
  return modules;
}

function writeFormat(modules, mask) {
  const size = modules.length;
  const bits = formatBits(mask);
  for (let i = 0; i < 15; i += 1) {
    const dark = (bits >>> i) & 1;
    const near = i < 6 ? i : i < 8 ? i + 1 : 15 - i; // steps over the timing pattern
    if (i < 8) modules[near][8] = dark;
    else modules[8][i === 8 ? 7 : 14 - i] = dark;
    if (i < 8) modules[8][size - 1 - i] = dark;
    else modules[size - 15 + i][8] = dark;
  }
  modules[size - 8][8] = 1;
}

function writeVersion(modules, version) {
  if (version < 7) return;
  const bits = versionBits(version);
  const edge = modules.length - 11;
  for (let i = 0; i < 18; i += 1) {
    const dark = (bits >>> i) & 1;
    const [a, b] = [edge + (i % 3), Math.floor(i / 3)];
    modules[a][b] = modules[b][a] = dark;
  }
}

/** Bits in two-column zigzag from the lower right corner, masked. */
function place(pattern, codewords, mask) {
  const size = pattern.length;
  const modules = pattern.map((row) => row.slice());
  let bit = 0;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5; // the vertical timing pattern
    const upwards = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; step += 1) {
      const row = upwards ? size - 1 - step : step;
      for (const column of [right, right - 1]) {
        if (pattern[row][column] !== null) continue;
        const dark = (codewords[bit >>> 3] >>> (7 - (bit & 7))) & 1; // remainder bits are 0
        modules[row][column] = dark ^ Number(MASKS[mask](row, column));
        bit += 1;
      }
    }
  }
  writeFormat(modules, mask);
  return modules;
}

/** Penalty of one line: runs of five or more, and 1:1:3:1:1 beside four light modules. */
function linePenalty(line) {
  const text = line.join("");
  let penalty = 0;
  for (const run of text.match(/0{5,}|1{5,}/g) ?? []) penalty += run.length - 2;
  for (let i = 0; i + 11 <= text.length; i += 1) {
    const part = text.slice(i, i + 11);
    if (part === "10111010000" || part === "00001011101") penalty += 40;
  }
  return penalty;
}

/** How hard a symbol is to scan (ISO/IEC 18004, table 11); the least decides the mask. */
export function penalty(modules) {
  const size = modules.length;
  let sum = 0;
  let dark = 0;
  for (let i = 0; i < size; i += 1) {
    sum += linePenalty(modules[i]) + linePenalty(modules.map((row) => row[i]));
    for (let j = 0; j < size; j += 1) {
      dark += modules[i][j];
      const four = i && j ? modules[i][j] + modules[i - 1][j] + modules[i][j - 1] + modules[i - 1][j - 1] : 1;
      if (four === 0 || four === 4) sum += 3;
    }
  }
  return sum + 10 * Math.floor(Math.abs((20 * dark) / (size * size) - 10));
}

/**
 * Modules of the smallest QR code that holds `text`: an array of rows, 1 is dark.
 *
 * Throws a RangeError above 213 bytes. `mask` is chosen by the penalty unless given.
 */
export function qrCode(text, {mask} = {}) {
  const bytes = new TextEncoder().encode(text);
  const version = BLOCKS.findIndex((_, index) => bytes.length <= capacity(index + 1)) + 1;
  if (version === 0) {
    throw new RangeError(`The link has ${bytes.length} bytes; a QR code holds ${capacity(10)} here.`);
  }
  const pattern = blank(version);
  const codewords = interleaved(dataCodewords(bytes, version), version);
  const masks = mask === undefined ? MASKS.keys() : [mask];
  const symbols = Array.from(masks, (number) => place(pattern, codewords, number));
  return symbols.reduce((best, symbol) => (penalty(symbol) < penalty(best) ? symbol : best));
}
