import assert from "node:assert/strict";
import {execFileSync} from "node:child_process";
import {mkdtempSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import test from "node:test";
import {factsText, grouped, notesOf, optionText, preferred, suitsNetwork} from "../../assets/js/collection_list.js";
import {progressWords} from "../../assets/js/collection_task.js";
import {packed, sortedFiles} from "../../assets/js/own_collection.js";
import {crc32, storeZip} from "../../assets/js/store_zip.js";

const LIMITS = {zip_bytes: 1000, files: 3, unpacked_bytes: 5000};
const lenet = {labels: "mnist", input: [1, 28, 28]};
const lite0 = {labels: "imagenet", input: [3, 224, 224]};
const record = (name, suits, ready = true, own = false) => ({name, title: name, count: 1797, classes: 10, suits, ready, own, size_bytes: 1_653_419, notes: []});
const RECORDS = [record("token", "", true, true), record("samples", ""), record("digits", "mnist"), record("mnist", "mnist", false), record("imagenette", "imagenet", false)];

test("the check sum is the published one", () => {
  assert.equal(crc32(new TextEncoder().encode("123456789")), 0xcbf43926);
  assert.equal(crc32(new Uint8Array(0)), 0);
});

test("Python reads the archive: names, contents, check sums", async () => {
  const contents = {"Bücher/eins.txt": "one", "Bücher/leer.txt": "", "zwei.bin": "\x00\xff two"};
  const files = Object.entries(contents).map(([path, text]) => ({path, blob: new Blob([text])}));
  const counted = [];
  const zip = await storeZip(files, {onFile: (done) => counted.push(done)});
  const path = join(mkdtempSync(join(tmpdir(), "zip-")), "a.zip");
  writeFileSync(path, new Uint8Array(await zip.arrayBuffer()));
  const code = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    print(json.dumps({name: archive.read(name).decode() for name in archive.namelist()}))`;
  assert.deepEqual(JSON.parse(execFileSync("python3", ["-c", code, path], {encoding: "utf8"})), contents);
  assert.deepEqual(counted, [1, 2, 3]);
});

test("packing can be stopped", async () => {
  const signal = AbortSignal.abort();
  await assert.rejects(storeZip([{path: "a", blob: new Blob(["a"])}], {signal}), {name: "AbortError"});
});

const file = (name, type, size = 10) => ({path: `pets/${name}`, file: {name, type, size}});

test("a folder's pictures are sent, the rest is counted", () => {
  const {files, skipped, title} = sortedFiles([file("a.png", "image/png"), file("b.txt", "text/plain"), file("c.heic", ""), file(".DS_Store", "")], LIMITS);
  assert.deepEqual(files.map(({path}) => path), ["pets/a.png", "pets/c.heic"]);
  assert.equal(skipped, 1);
  assert.equal(title, "pets");
});

test("one zip is sent as it is, unless it is too large", () => {
  const zip = {path: "pets.zip", file: {name: "pets.zip", type: "application/zip", size: 900}};
  assert.deepEqual(sortedFiles([zip], LIMITS), {zip: zip.file, title: "pets"});
  const large = {...zip, file: {...zip.file, size: 300e6}};
  assert.match(sortedFiles([large], {...LIMITS, zip_bytes: 200e6}).refusal, /“pets\.zip” has 300 MB; the limit is 200 MB\. Choose fewer/);
});

test("what cannot be sent is refused with the limit", () => {
  assert.match(sortedFiles([], LIMITS).refusal, /no files/);
  assert.match(sortedFiles([file("a.txt", "text/plain")], LIMITS).refusal, /None of the 1 files is a picture/);
  const many = [1, 2, 3, 4].map((n) => file(`${n}.png`, "image/png"));
  assert.match(sortedFiles(many, LIMITS).refusal, /has 4 pictures; the limit is 3/);
});

test("a folder too large is refused while it is packed", async () => {
  const files = [1, 2, 3].map((n) => ({path: `${n}.png`, file: new Blob(["x".repeat(400)], {type: "image/png"})}));
  const options = {onFile: () => {}, signal: new AbortController().signal};
  await assert.rejects(packed(files, LIMITS, options), /more than 1 kB together, the limit, after 3 of 3/);
  assert.equal((await packed(files.slice(1), LIMITS, options)).type, "application/zip");
});

test("a network is shown its own data first", () => {
  assert.equal(preferred(RECORDS, lenet).name, "digits");
  assert.equal(preferred(RECORDS, lite0).name, "samples");
  assert.equal(preferred(RECORDS, {labels: "fashion_mnist", input: [1, 28, 28]}).name, "samples");
  assert.equal(preferred([], lenet), null);
  assert.ok(!suitsNetwork(RECORDS[2], lite0));
});

test("the menu groups by what can be used", () => {
  const groups = Object.fromEntries(grouped(RECORDS, lenet).map(({title, records}) => [title, records.map(({name}) => name)]));
  assert.deepEqual(groups, {
    "Yours, on this page only": ["token"],
    Ready: ["digits"],
    "To download": ["mnist"],
    "Made for other networks": ["samples", "imagenette"],
  });
});

test("words and numbers", () => {
  assert.equal(optionText(RECORDS[2]), "digits (1,797)");
  assert.equal(optionText(RECORDS[3]), "mnist (1.7 MB)");
  assert.equal(factsText({...RECORDS[2], source: "UCI"}), "1,797 pictures · 10 classes · UCI");
  assert.equal(factsText({count: 1, classes: 0, own: true, source: "x"}), "1 picture · no labels");
  assert.deepEqual(notesOf({notes: []}), {plain: [], summary: null, lines: []});
  assert.deepEqual(notesOf({notes: ["Reduced: 1.", "2 of 9 files were left out.", "Left out: a: b"]}), {
    plain: ["Reduced: 1."],
    summary: "2 of 9 files were left out.",
    lines: ["a: b"],
  });
  assert.equal(progressWords("Reading", 40, 3000), "Reading: 40 of 3,000");
  assert.equal(progressWords("Sending"), "Sending …");
});
