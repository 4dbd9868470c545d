// The collections there are, for every picker of the page: fetched once, own ones added.

import {getJSON} from "./api.js";
import {sizeText} from "./network_menu.js";

const listeners = new Set();
let known = null; // {collections, limits}
let asked = null;
const remarks = new Map(); // name -> a note of this page's own, before the server's

const plural = (count, one, many = `${one}s`) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

/** Whether a collection means something to a network: its own labels, or photos where it wants colour. */
export function suitsNetwork(record, model) {
  if (!model || record.own) return true;
  return record.suits === model.labels || (["", "imagenet"].includes(record.suits) && model.input[0] === 3);
}

/** What is shown first: the network's own data where they are ready, else what is. */
export function preferred(records, model) {
  const ready = records.filter((record) => record.ready && !record.own);
  const own = ready.find((record) => record.suits === model?.labels);
  return own ?? ready.find((record) => suitsNetwork(record, model)) ?? ready[0] ?? null;
}

/** Groups of the menu in reading order, empty ones left out: `[{title, records}]`. */
export function grouped(records, model) {
  const fits = (record) => suitsNetwork(record, model);
  const groups = [
    {title: "Yours, on this page only", records: records.filter(({own}) => own)},
    {title: "Ready", records: records.filter((record) => !record.own && record.ready && fits(record))},
    {title: "To download", records: records.filter((record) => !record.ready && fits(record))},
    {title: "Made for other networks", records: records.filter((record) => !record.own && !fits(record))},
  ];
  return groups.filter((group) => group.records.length > 0);
}

/** A line of the menu: title, and how much there is or has to be fetched. */
export function optionText({title, count, ready, size_bytes: bytes}) {
  return ready ? `${title} (${count.toLocaleString("en")})` : `${title} (${sizeText(bytes)})`;
}

/** One sentence's worth of facts: "1,797 pictures · 10 classes · source". */
export function factsText({count, classes, source, own}) {
  const kinds = classes > 1 ? plural(classes, "class", "classes") : "no labels";
  return [plural(count, "picture"), kinds, own ? null : source].filter(Boolean).join(" · ");
}

const LEFT_OUT = /^Left out: /;
const COUNTED = / left out\.$/;

/** Notes for the screen: plain sentences, and how many files were left out with their lines. */
export function notesOf({notes = []}) {
  const lines = notes.filter((note) => LEFT_OUT.test(note)).map((note) => note.replace(LEFT_OUT, ""));
  const summary = lines.length ? (notes.find((note) => COUNTED.test(note)) ?? "Files were left out.") : null;
  return {plain: notes.filter((note) => note !== summary && !LEFT_OUT.test(note)), summary, lines};
}

const remarked = (record) => (remarks.has(record.name) ? {...record, notes: [remarks.get(record.name), ...record.notes]} : record);

/** Add a note of this page's own to a collection, before the next `refresh`. */
export const remark = (name, note) => remarks.set(name, note);

/** All collections and the limits; asked for once. */
export function collections() {
  asked ??= getJSON("collections").then(
    (answer) => {
      known = {...answer, collections: answer.collections.map(remarked)};
      return known;
    },
    (error) => {
      asked = null;
      throw error;
    },
  );
  return asked;
}

/** Ask again, for every picker: something was downloaded, or a token is new. */
export async function refresh() {
  asked = null;
  await collections();
  listeners.forEach((listener) => listener(known));
}

/** Hear of changes; returns the way to stop. */
export function subscribe(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
