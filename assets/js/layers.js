// Layers of a network as text and in groups; nothing here touches the page.

/** Family of a kind of layer (first match), and the letter of its marker. */
const FAMILIES = [
  [/^input/i, "input", "I"],
  [/softmax/i, "softmax", "S"],
  [/normali[sz]ation|norm$/i, "normalisation", "N"],
  [/pool/i, "pooling", "P"],
  [/convolution/i, "convolution", "C"],
  [/fully connected|linear/i, "connected", "F"],
  [/^add/i, "joining", "+"],
  [/^(multiply|scale|mul)/i, "joining", "×"],
  [/concat/i, "joining", "‖"],
  [/relu|silu|gelu|swish|sigmoid|tanh|activation/i, "activation", "A"],
  [/^/, "other", "·"],
];

/** Family and marker of a kind: `{family: "activation", letter: "A"}`. */
export function marker(kind) {
  const [, family, letter] = FAMILIES.find(([pattern]) => pattern.test(kind));
  return {family, letter};
}

/** `96 × 56 × 56`. */
export const shapeText = (shape) => shape.join(" × ");

/** Whether a layer's maps have more than one cell. */
export const isSpatial = ({shape: [, height, width]}) => height * width > 1;

/** A name's path and its own part: `layer1.0.` and `conv2`. */
export function splitName(name) {
  const cut = name.lastIndexOf(".") + 1;
  return {path: name.slice(0, cut), own: name.slice(cut)};
}

/** Stretches of layers at one resolution: `[{label: "56 × 56", side, first, last}]`.
 *
 * A stretch ends where the maps shrink for good: squeeze layers inside a block do not end it, nor
 * does the padding that some networks write as a layer of its own. */
export function stages(layers) {
  const found = [];
  let ahead = [0, 0];
  for (let index = layers.length - 1; index >= 0; index -= 1) {
    const [, height, width] = layers[index].shape;
    const larger = height * width > ahead[0] * ahead[1] && !/padding/i.test(layers[index].kind);
    if (larger || found.length === 0) {
      ahead = [height, width];
      found.unshift({label: `${height} × ${width}`, side: Math.max(height, width), first: index, last: index});
    }
    found[0].first = index;
  }
  return found;
}

const plain = (text) => text.toLowerCase().replaceAll("×", "x").replace(/(\d)\s*x\s*(?=\d)/g, "$1x");

/** Indices of the layers whose name, kind or shape contain every word of `text`. */
export function filterLayers(layers, text) {
  const words = plain(text).split(/\s+/).filter(Boolean);
  return layers
    .map(({name, kind, shape}, index) => [index, plain(`${name} ${kind} ${shapeText(shape)}`)])
    .filter(([, description]) => words.every((word) => description.includes(word)))
    .map(([index]) => index);
}

/** A layer to begin with: the first convolution or activation with maps, or, where a relative
 *  depth (0 to 1) is given, the one nearest to it. */
export function defaultLayer(layers, depth = null) {
  const worth = layers
    .map((layer, index) => ({layer, index, family: marker(layer.kind).family}))
    .filter(({layer, family}) => isSpatial(layer) && ["convolution", "activation"].includes(family));
  if (worth.length === 0) return (layers.find(isSpatial) ?? layers[0])?.name ?? null;
  if (depth === null) return worth[0].layer.name;
  const distance = ({index}) => Math.abs(index / Math.max(1, layers.length - 1) - depth);
  return worth.reduce((best, one) => (distance(one) < distance(best) ? one : best)).layer.name;
}
