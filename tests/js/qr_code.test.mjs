import assert from "node:assert/strict";
import {createHash} from "node:crypto";
import test from "node:test";
import {capacity, checkCodewords, dataCodewords, formatBits, interleaved, penalty, qrCode, versionBits} from "../../assets/js/qr_code.js";

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
const drawn = (modules) => modules.map((row) => row.map((dark) => ".#"[dark]).join("")).join("\n");

test("check codewords of ISO/IEC 18004, annex I: 01234567 in version 1-M", () => {
  const data = [0x10, 0x20, 0x0c, 0x56, 0x61, 0x80, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11];
  assert.equal(hex(checkCodewords(data, 10)), "a5 24 d4 c1 ed 36 c7 87 2c 55");
});

test("byte mode: mode, length, bytes, terminator and pads, by hand", () => {
  // 0100 00000010 01101000 01101001 0000, then 236, 17 by turns up to 16 codewords
  const expected = "40 26 86 90 ec 11 ec 11 ec 11 ec 11 ec 11 ec 11";
  assert.equal(hex(dataCodewords(new TextEncoder().encode("hi"), 1)), expected);
});

test("version 10 counts in 16 bits", () => {
  assert.equal(hex(dataCodewords(new Uint8Array(200), 10).subarray(0, 3)), "40 0c 80");
});

test("format information of level M (ISO/IEC 18004, annex C)", () => {
  const expected = [
    0b101010000010010, 0b101000100100101, 0b101111001111100, 0b101101101001011,
    0b100010111111001, 0b100000011001110, 0b100111110010111, 0b100101010100000,
  ];
  assert.deepEqual(expected.map((_, mask) => formatBits(mask)), expected);
});

test("version information (ISO/IEC 18004, annex D)", () => {
  const expected = [0b000111110010010100, 0b001000010110111100, 0b001001101010011001, 0b001010010011010011];
  assert.deepEqual([7, 8, 9, 10].map(versionBits), expected);
});

test("byte capacities at level M (ISO/IEC 18004, table 7)", () => {
  const versions = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  assert.deepEqual(versions.map(capacity), [14, 26, 42, 62, 84, 106, 122, 152, 180, 213]);
});

test("blocks of unequal length are interleaved: the last of version 10-M has one codeword more", () => {
  const data = Uint8Array.from({length: 216}, (_, i) => i);
  const sequence = interleaved(data, 10);
  assert.equal(sequence.length, 346);
  assert.deepEqual([...sequence.subarray(0, 5)], [0, 43, 86, 129, 172]);
  assert.equal(sequence[215], 215); // the last block's 44th codeword stands alone
});

test("a whole symbol as python-qrcode 8.2 draws it: version 1-M, mask 2", () => {
  const expected = `
#######...###.#######
#.....#...###.#.....#
#.###.#.#.##..#.###.#
#.###.#.####..#.###.#
#.###.#.##..#.#.###.#
#.....#.#..#..#.....#
#######.#.#.#.#######
........###..........
#.#####..#.#..#####..
.###.#..##.#######..#
....#.###.#.##.....#.
...##..##.####...####
...##.#####.####.....
........##..#..###..#
#######....#.......#.
#.....#.###..#.#..###
#.###.#.#..#..###...#
#.###.#.##..###.##...
#.###.#.#.#.#........
#.....#..#.###...##..
#######.##.##.#....#.`.trim();
  assert.equal(drawn(qrCode("cnn.example", {mask: 2})), expected);
});

test("full symbols of versions 1 to 10 equal those of python-qrcode 8.2, bit by bit", () => {
  const digests = [
    "47bd56e127b6f2c3", "e4bb23497369ecd6", "05c084fc990be1ce", "98298031697ba619", "e659a47d3cab2977",
    "e57b661aa515c579", "c1e1bd125e68a99e", "b6de9a8816967bed", "eaea53a479ac930f", "e41804cbd1be6f9b",
  ];
  digests.forEach((digest, index) => {
    const text = "https://example.org/?net=lenet5&layer=conv1&".repeat(6).slice(0, capacity(index + 1));
    const rows = qrCode(text, {mask: (index + 1) % 8}).map((row) => row.join("")).join("\n");
    assert.equal(createHash("sha256").update(rows).digest("hex").slice(0, 16), digest, `version ${index + 1}`);
  });
});

test("the mask of least penalty is chosen", () => {
  const link = "https://example.org/?net=efficientnet_lite0&picture=chelsea&layer=blocks.1.0.act1";
  const penalties = [0, 1, 2, 3, 4, 5, 6, 7].map((mask) => penalty(qrCode(link, {mask})));
  assert.equal(penalty(qrCode(link)), Math.min(...penalties));
});

test("a link that is too long says so, with both numbers", () => {
  assert.throws(() => qrCode("x".repeat(214)), {name: "RangeError", message: "The link has 214 bytes; a QR code holds 213 here."});
});
