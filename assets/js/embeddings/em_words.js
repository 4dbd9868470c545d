// What the embeddings panel keeps in the page's address: `em-…` words, each left out at its usual value.

const oneOf = (...words) => (text) => (words.includes(text) ? text : undefined);
const matching = (pattern) => (text) => (pattern.test(text) ? text : undefined);
const number = (lowest, highest) => (text) => {
  const value = /^\d{1,10}(\.\d{1,3})?$/.test(text) ? Number(text) : NaN;
  return value >= lowest && value <= highest ? value : undefined;
};
const whole = (lowest, highest) => (text) => (/^\d{1,10}$/.test(text) ? number(lowest, highest)(text) : undefined);

export const VIEWS = ["map", "layers", "retrieval"];
export const POOLS = ["average", "sum", "max", "generalised-mean", "flatten"];
export const METHODS = ["t-sne", "pca", "umap"];
export const METRICS = ["l2", "cosine"];
export const COLOURS = ["label", "prediction", "correct", "cluster"];

/** Address word, state's key, reader (undefined refuses), usual value. */
const WORDS = [
  ["em", "view", oneOf(...VIEWS), "map"],
  ["em-set", "collection", matching(/^[a-z0-9_]{1,48}$/), null],
  ["em-net", "net", oneOf("workspace"), null], // null: the workspace's where it suits the pictures
  ["em-layer", "layer", matching(/^[\w.:/+-]{1,160}$/), null], // null: what the classifier reads
  ["em-pool", "pool", oneOf(...POOLS), "average"],
  ["em-power", "power", number(1, 20), 3],
  ["em-method", "method", oneOf(...METHODS), "t-sne"],
  ["em-dim", "dimensions", whole(2, 3), 2],
  ["em-perp", "perplexity", number(1, 3333), 30],
  ["em-exag", "exaggeration", number(1, 100), 12],
  ["em-metric", "metric", oneOf(...METRICS), "l2"],
  ["em-seed", "seed", whole(0, 4294967295), 0],
  ["em-limit", "limit", whole(4, 60000), null],
  ["em-colour", "colour", oneOf(...COLOURS), "label"],
  ["em-dots", "dots", oneOf("dots"), null], // null: pictures where there is room
];

export const INITIAL = Object.fromEntries(WORDS.map(([, key, , usual]) => [key, usual]));

/** The part of the state that an address's query carries; what cannot be read is left out. */
export function parseWords(search) {
  const query = new URLSearchParams(search);
  const state = {};
  for (const [word, key, read] of WORDS) {
    const text = query.get(word);
    const value = text === null ? undefined : read(text);
    if (value !== undefined) state[key] = value;
  }
  return state;
}

/** The query that carries the state; the words of others stay. */
export function formatWords(state, search = "") {
  const query = new URLSearchParams(search);
  for (const [word, key, , usual] of WORDS) {
    if (state[key] === usual || state[key] === null) query.delete(word);
    else query.set(word, String(state[key]));
  }
  const text = query.toString().replaceAll("%2C", ",").replaceAll("%2F", "/").replaceAll("%3A", ":");
  return text ? `?${text}` : "";
}
