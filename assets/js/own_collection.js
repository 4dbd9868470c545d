// A visitor's zip or folder on its way to the server: chosen, made smaller where it pays, packed.

import {sizeText} from "./network_menu.js";
import {storeZip} from "./store_zip.js";

const SHRINK_BYTES = 500_000; // larger photos are made smaller before they are sent
const SHRUNK_SIDE = 1024;
const SHRUNK_QUALITY = 0.92;
const SHRINKABLE = ["image/jpeg", "image/png", "image/webp"];

const isZip = ({name, type}) => /\.zip$/i.test(name) || type === "application/zip" || type === "application/x-zip-compressed";
const isHidden = (path) => path.split("/").some((part) => part.startsWith(".") || part === "__MACOSX");

/** What was chosen: `{zip, title}`, `{files: [{path, file}], skipped, title}`, or `{refusal}`. */
export function sortedFiles(entries, limits) {
  const all = entries.filter(({path}) => !isHidden(path));
  if (all.length === 0) return {refusal: "There are no files in it. Choose a folder of pictures, or a zip archive."};
  if (all.length === 1 && isZip(all[0].file)) return chosenZip(all[0].file, limits);
  const files = all.filter(({file}) => file.type === "" || file.type.startsWith("image/"));
  const skipped = all.length - files.length;
  if (files.length === 0) {
    return {refusal: `None of the ${all.length.toLocaleString("en")} files is a picture. Choose a folder of JPEG, PNG or WebP files.`};
  }
  if (files.length > limits.files) {
    return {refusal: `The folder has ${files.length.toLocaleString("en")} pictures; the limit is ${limits.files.toLocaleString("en")}. Choose a smaller one.`};
  }
  const folder = files[0].path.includes("/") ? files[0].path.split("/")[0] : "Own pictures";
  return {files, skipped, title: folder};
}

function chosenZip(file, limits) {
  if (file.size > limits.zip_bytes) {
    return {refusal: `“${file.name}” has ${sizeText(file.size)}; the limit is ${sizeText(limits.zip_bytes)}. Choose fewer or smaller pictures, or the folder itself: large photos are made smaller then.`};
  }
  return {zip: file, title: file.name.replace(/\.zip$/i, "")};
}

/** The photo, smaller; itself where that is not possible or does not pay. */
async function shrunk(file) {
  if (file.size <= SHRINK_BYTES || !SHRINKABLE.includes(file.type) || !globalThis.OffscreenCanvas) return file;
  try {
    const bitmap = await createImageBitmap(file);
    const scale = Math.min(1, SHRUNK_SIDE / Math.max(bitmap.width, bitmap.height));
    const canvas = new OffscreenCanvas(Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale)));
    const context = canvas.getContext("2d");
    context.imageSmoothingQuality = "high";
    context.fillStyle = "white"; // behind transparent parts, as the server shows them
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    bitmap.close();
    const smaller = await canvas.convertToBlob({type: "image/jpeg", quality: SHRUNK_QUALITY});
    return smaller.size < file.size ? smaller : file;
  } catch {
    return file; // the server says what is wrong with it
  }
}

/** Pack files; `onFile(done)` counts. Throws a sentence where the result is too large. */
export async function packed(files, limits, {onFile, signal}) {
  const parts = [];
  let bytes = 0;
  for (const [place, {path, file}] of files.entries()) {
    signal.throwIfAborted();
    const blob = await shrunk(file);
    bytes += blob.size;
    if (bytes > limits.zip_bytes) {
      throw new RangeError(`The pictures have more than ${sizeText(limits.zip_bytes)} together, the limit, after ${(place + 1).toLocaleString("en")} of ${files.length.toLocaleString("en")}. Choose fewer.`);
    }
    parts.push({path, blob});
    onFile(place + 1);
  }
  return storeZip(parts, {signal});
}

/** The files of an input, a folder's with their paths. */
export const filesOfInput = (input) => [...input.files].map((file) => ({path: file.webkitRelativePath || file.name, file}));

/** The files of a drop, folders opened. */
export async function filesOfDrop(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  const found = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

async function walk(entry, found) {
  const ask = (method) => new Promise((resolve, reject) => method(resolve, reject));
  if (entry.isFile) {
    const file = await ask((resolve, reject) => entry.file(resolve, reject));
    found.push({path: entry.fullPath.replace(/^\//, ""), file});
    return;
  }
  const reader = entry.createReader();
  for (let some = await ask((resolve, reject) => reader.readEntries(resolve, reject)); some.length; some = await ask((resolve, reject) => reader.readEntries(resolve, reject))) {
    for (const one of some) await walk(one, found);
  }
}
