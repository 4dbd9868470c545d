// Colours of classes and clusters: ten that stay apart with every kind of colour blindness.

// Found by search: at least 0.09 apart in OKLab, also as seen with protanopia, deuteranopia and
// tritanopia (Machado, Oliveira & Fernandes, IEEE TVCG 15(6), 2009); the test measures it.
export const LIGHT = ["#1500a2", "#de822c", "#007f6e", "#e115b4", "#a163f3", "#604d00", "#860459", "#76ac90", "#5d06ed", "#381b19"];
export const DARK = ["#1894d1", "#ee7f63", "#54e75b", "#fd0bad", "#a7a8ff", "#e6c4bf", "#b04b21", "#9efffe", "#9e35f7", "#4e6d70"];
export const VERDICTS = {
  light: ["#4f7fae", "#c2410c", "#8b93a0"],
  dark: ["#7fa8d6", "#ffb266", "#78818f"],
};
const NONE = {light: "#8b93a0", dark: "#78818f"};
const GOLDEN_DEGREES = 137.508;

/** Red, green and blue, 0 to 255, of a colour `#rrggbb`. */
export const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

function channel(hue, saturation, lightness, offset) {
  const place = (offset + hue / 30) % 12;
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const value = lightness - reach * Math.max(-1, Math.min(place - 3, 9 - place, 1));
  return Math.round(255 * value).toString(16).padStart(2, "0");
}

const hsl = (hue, saturation, lightness) => `#${[0, 8, 4].map((offset) => channel(hue, saturation, lightness, offset)).join("")}`;

/** Colours of `count` kinds; beyond ten the hues go round, and only names tell all of them apart. */
export function colours(count, dark) {
  const ten = dark ? DARK : LIGHT;
  if (count <= ten.length) return ten.slice(0, count);
  return Array.from({length: count}, (_, index) => {
    const lightness = (dark ? 0.56 : 0.34) + 0.14 * (index % 3) / 2;
    return hsl((index * GOLDEN_DEGREES) % 360, 0.62, lightness);
  });
}

/** The colour of what has no label. */
export const noColour = (dark) => NONE[dark ? "dark" : "light"];

/** Whether the page is dark around a node. */
export const isDark = (node) => Boolean(node.closest(".dark"));

/**
 * Points sorted into kinds for one way of colouring: `{kinds: [{name, count}], of: Uint16Array(n), unknown}`.
 * `mode`: label, prediction, correct or cluster; kinds without a point are left out.
 */
export function kindsOf(mode, points) {
  const {labels, predictions, clusters, classes, predicted} = points;
  const count = labels.length;
  if (mode === "correct") {
    const names = ["correct", "wrong", "unknown"];
    const places = {1: 0, 0: 1};
    return gathered(count, (at) => places[points.correct?.[at]] ?? 2, (value) => names[value], {keep: [0, 1]});
  }
  if (mode === "prediction") return gathered(count, (at) => predictions[at], (value) => predicted?.[value] ?? `class ${value}`);
  if (mode === "cluster") return gathered(count, (at) => clusters?.[at] ?? -1, (value) => `cluster ${value + 1}`);
  return gathered(count, (at) => labels[at], (value) => classes[value] ?? `class ${value}`);
}

const UNKNOWN = "no label";

function gathered(count, valueOf, nameOf, {keep = []} = {}) {
  const counts = new Map(keep.map((value) => [value, 0]));
  for (let at = 0; at < count; at += 1) counts.set(valueOf(at), (counts.get(valueOf(at)) ?? 0) + 1);
  const values = [...counts.keys()].sort((a, b) => (a < 0) - (b < 0) || a - b);
  const places = new Map(values.map((value, place) => [value, place]));
  return {
    kinds: values.map((value) => ({value, name: value < 0 ? UNKNOWN : nameOf(value), count: counts.get(value)})),
    of: Uint16Array.from({length: count}, (_, at) => places.get(valueOf(at))),
  };
}

/** A colour per kind of `kindsOf`. */
export function coloursOf(mode, {kinds}, dark, classes = 0) {
  if (mode === "correct") return kinds.map(({value}) => VERDICTS[dark ? "dark" : "light"][value]);
  if (mode === "cluster") return withNone(kinds, colours(kinds.length, dark), dark, (_, place) => place);
  const few = mode === "label" ? classes : kinds.length;
  return withNone(kinds, colours(Math.max(few, kinds.length), dark), dark, ({value}, place) => (mode === "label" ? value : place));
}

const withNone = (kinds, all, dark, placeOf) => kinds.map((kind, place) => (kind.value < 0 ? noColour(dark) : all[placeOf(kind, place) % all.length]));
