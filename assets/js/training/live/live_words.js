// Sentences of the live views.

import {format} from "../../colour.js";
import {shapeText} from "../../layers.js";

/** A layer in a sentence: a bare number needs the word. */
export const layerWord = (name) => (/^\d+$/.test(name) ? `layer ${name}` : name);

/** A layer in a menu: name, kind, shape. */
export const layerOption = ({name, kind, settings, shape}) => `${layerWord(name)} · ${kind}${settings ? ` ${settings}` : ""} · ${shapeText(shape)}`;

/** An epoch with at most two decimals. */
export const epochText = (epoch) => String(Math.round(100 * epoch) / 100);

/** 97.2 %: an accuracy to one decimal. */
export const accuracyText = (accuracy) => (Number.isFinite(accuracy) ? `${(100 * accuracy).toFixed(1)} %` : "not measured");

/** A moment of a training in words, `count` pictures being validated. */
export function momentText({epoch, accuracy}, epochs, count) {
  const when = epoch === 0 ? "Start, before the first step" : `Epoch ${epochText(epoch)} of ${epochs}`;
  return Number.isFinite(accuracy) ? `${when}: ${accuracyText(accuracy)} of ${count.toLocaleString("en")} validation pictures right` : when;
}

/** Where a training is now, behind its last epoch; `newest` as newestShare, perhaps of some steps ago. */
export function nowText({step, steps}, newest) {
  const words = `Now, step ${step.toLocaleString("en")} of ${steps.toLocaleString("en")}`;
  if (!newest) return words;
  const when = newest.step === step ? "" : `at step ${newest.step.toLocaleString("en")}, `;
  const share = newest.count ? `${newest.right.toLocaleString("en")} of ${newest.count.toLocaleString("en")}` : `${accuracyText(newest.share)} of the`;
  return `${words}: ${when}${share} validation pictures right`;
}

/** What the badge says the numbers belong to; `kept`: the step of the network that a failed training left. */
export function badgeText({status, moment, step, epochs, kept = null}) {
  if (moment !== null) return moment === 0 ? "the network in training, before its first step" : `the network in training, after epoch ${moment} of ${epochs}`;
  if (kept !== null) return `${kept ? `the network of step ${kept.toLocaleString("en")}` : "the untrained network"}, kept when the training failed`;
  if (status === "running") return `the network being trained, step ${step.toLocaleString("en")}`;
  return `${status === "ended" ? "the trained network" : "the network in training"}, step ${step.toLocaleString("en")}`;
}

/** A weight that is pointed at. */
export function weightText(shape, {tile, row, column}, values, form) {
  const [, inputs, height, width] = shape;
  const cell = height * width > 1 ? `, row ${row}, column ${column}` : "";
  const size = height * width;
  if (form === "colour") {
    const [red, green, blue] = [0, 1, 2].map((channel) => format(values[(3 * tile + channel) * size + row * width + column], 3));
    return `Filter ${tile}${cell}: red ${red}, green ${green}, blue ${blue}`;
  }
  if (form === "matrix") return `Unit ${row} ← input ${column}: ${format(values[row * inputs + column], 4)}`;
  const [filter, input] = form === "single" ? [tile, null] : [Math.floor(tile / inputs), tile % inputs];
  const from = input === null ? "" : ` ← input ${input}`;
  return `Filter ${filter}${from}${cell}: ${format(values[tile * size + row * width + column], 4)}`;
}

/** A cell of a feature map that is pointed at; bytes stand for values from low to high. */
export function mapText({shape: [, height, width], values, low, high}, {tile, row, column}) {
  const value = low + (values[(tile * height + row) * width + column] / 255) * (high - low);
  const cell = height * width > 1 ? `, row ${row}, column ${column}` : "";
  return `Channel ${tile}${cell}: ≈ ${format(value, 3)}`;
}

/** What the network makes of a picture. */
export function verdictText({label, predicted, loss}, names) {
  const said = predicted === label ? `recognised as ${names[predicted]}` : `true ${names[label]}, predicted ${names[predicted]}`;
  return `${said}, loss ${format(loss, 3)}`;
}

/** What the network takes a picture for whose class nobody has said. */
export const ownText = ({class: seen, probability}, names) => `seen as ${names[seen]}, probability ${accuracyText(probability)}`;
