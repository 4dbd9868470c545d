// Transfer learning in words: the link's, the sentences', and the Python lines.

import {loadCall} from "../../own_networks.js";

export const INITIAL = {base: null, data: null, counts: null, seeds: null, seed: 0, frozen: null, ways: null};
/** What a link says of a visitor's pictures, which it cannot carry. */
export const OWN = "own";
const WAY = "(scratch|start|frozen|head)";

const FIELDS = {
  base: /^[a-z0-9_]{1,31}$/,
  data: /^[a-z0-9_]{1,31}$/,
  counts: /^\d{1,5}(\.\d{1,5}){0,7}$/,
  seeds: /^[1-5]$/,
  seed: /^\d{1,10}$/,
  frozen: /^[\w.]{1,80}$/,
  ways: new RegExp(`^${WAY}(\\.${WAY}){0,3}$`),
};
const NUMBERS = ["seeds", "seed"];
const SECRET = /^[0-9a-f]{32}(_\d{1,5})?$/;

/** Whether a name is a secret, which no link carries: an own network's or an own collection's. */
export const isSecret = (name) => SECRET.test(name ?? "");

/** What a link says: "base=lenet5,data=shapes,counts=1.5.20"; what cannot be read stays as usual. */
export function readTransfer(word) {
  const found = {...INITIAL};
  for (const part of (word ?? "").split(",")) {
    const [key, text = ""] = part.split("=");
    if (!FIELDS[key]?.test(text) || isSecret(text)) continue;
    if (key === "counts") found.counts = text.split(".").map(Number);
    else if (key === "ways") found.ways = [...new Set(text.split("."))];
    else found[key] = NUMBERS.includes(key) ? Number(text) : text;
  }
  return found;
}

/** The link's word; null where all is as usual. */
export function writeTransfer(chosen) {
  const parts = [];
  for (const key of Object.keys(INITIAL)) {
    const value = chosen[key];
    if (value === null || (key === "seed" && !value)) continue;
    if (isSecret(String(value))) {
      if (key === "data") parts.push(`data=${OWN}`);
      continue;
    }
    if (key === "frozen" && isSecret(chosen.base)) continue; // a layer of a network that the link cannot name
    parts.push(`${key}=${Array.isArray(value) ? value.join(".") : value}`);
  }
  return parts.join(",") || null;
}

/** Numbers of pictures as one writes them, "1, 5, 20": sorted, each once; null where it cannot be read. */
export function readCounts(text) {
  const words = text.split(/[\s,;]+/).filter(Boolean);
  if (words.length < 1 || words.length > 8 || !words.every((word) => /^[1-9]\d{0,4}$/.test(word))) return null;
  return [...new Set(words.map(Number))].sort((a, b) => a - b);
}

export const share = (value) => (Number.isFinite(value) ? `${(100 * value).toFixed(1)} %` : "–");

/** "72.1 ± 1.3 %", without the spread where there is one seed only. */
export function withSpread({mean, spread}) {
  if (!Number.isFinite(mean)) return "–";
  return spread === null ? share(mean) : `${(100 * mean).toFixed(1)} ± ${(100 * spread).toFixed(1)} %`;
}

export const pictures = (count) => `${count} picture${count === 1 ? "" : "s"} a class`;

export function seconds(value) {
  if (!Number.isFinite(value)) return "–";
  return value < 1 ? `${value.toFixed(2)} s` : `${value.toFixed(1)} s`;
}

export const times = (factor) => (factor < 10 ? factor.toFixed(1) : Math.round(factor).toLocaleString("en"));

/** Whether what a reader expected is what came out: `{right, text}`; null without a guess or a result. */
export function revealed(guess, best, count, titles) {
  if (!guess || !best) return null;
  const right = best.includes(guess);
  const [first, ...beside] = best.map((way) => titles[way]);
  const equals = beside.length ? `, with no clear difference to ${listed(beside)}` : "";
  return {right, text: `${pictures(count)}: you expected “${titles[guess]}”. ${best[0] === guess ? "So it is" : right ? "It may be" : "It is not"}: best here is “${first}”${equals}.`};
}

const listed = (words) => {
  const quoted = words.map((word) => `“${word}”`);
  return quoted.length === 1 ? quoted[0] : `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
};

/** The Python lines that compare the same again; `ways` where they are not the usual ones. */
export function transferLines({base, data, counts, seeds, seed, frozen, ways = null}) {
  const own = isSecret(data) || data === OWN;
  const lines = ["import visualizer as vz", ""];
  if (isSecret(base)) lines.push(`network = ${loadCall(base)}`);
  if (own) lines.push('pictures = vz.collection("your-pictures.zip")');
  const given = [isSecret(base) ? "network" : JSON.stringify(base), own ? "pictures" : JSON.stringify(data)];
  const listed = (values) => `(${values.map((one) => JSON.stringify(one)).join(", ")}${values.length === 1 ? "," : ""})`;
  given.push(`per_class=${listed(counts)}`, `seeds=${seeds}`);
  if (ways) given.push(`ways=${listed(ways)}`);
  if (seed) given.push(`seed=${seed}`);
  if (frozen) given.push(`frozen=${JSON.stringify(frozen)}`);
  lines.push("found = vz.transfer(", ...given.map((one) => `    ${one},`), ")", "print(found)", `model = found.model(${JSON.stringify(ways && !ways.includes("head") ? ways[0] : "head")})  # a network like any other`);
  return lines.join("\n");
}
