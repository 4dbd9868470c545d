// Beside the map: what the colours mean, the picture pointed at, the numbers of the map.

import {make} from "../dom.js";
import {thumbnail} from "./sprites.js";
import {percent, qualityRows} from "./map_words.js";

const COLOUR_TITLES = {label: "Label", prediction: "Prediction", correct: "Right or wrong", cluster: "Cluster of the features"};
const MOST_KINDS = 40;

/** The choice of colouring and the kinds; a click on a kind fades all others. */
export class MapLegend {
  constructor({state, onFade}) {
    Object.assign(this, {onFade, alone: new Set(), kinds: null});
    this.select = make("select", {class: "vz-field", id: "vz-mp-colour", onchange: () => state.set({colour: this.select.value})});
    for (const [value, title] of Object.entries(COLOUR_TITLES)) this.select.append(make("option", {value}, title));
    this.list = make("ul", {class: "vz-mp-kinds"});
    this.note = make("p", {class: "vz-mp-small vz-muted"});
    this.element = make("section", {class: "vz-mp-legend", "aria-label": "Colours"},
      make("label", {class: "vz-control"}, make("span", {class: "vz-control-name"}, "Colours"), this.select), this.list, this.note);
  }

  show({mode, kinds, colours, comparable, predictions}) {
    this.select.value = mode;
    this.select.querySelector('[value="correct"]').disabled = !comparable;
    const other = this.kinds?.kinds.map(({name}) => name).join() !== kinds.kinds.map(({name}) => name).join();
    this.kinds = kinds;
    if (other) this.alone.clear();
    const rows = kinds.kinds.slice(0, MOST_KINDS).map((kind, place) => this.row(kind, place, colours[place], mode));
    this.list.replaceChildren(...rows);
    const more = kinds.kinds.length - MOST_KINDS;
    const cannot = comparable ? null : `The network’s classes (${predictions}) have other names than the labels: right and wrong cannot be told.`;
    this.note.textContent = [more > 0 ? `${more} more kinds are not listed.` : null, cannot].filter(Boolean).join(" ");
  }

  row({name, count}, place, colour, mode) {
    const mark = make("span", {class: `vz-mp-swatch${mode === "correct" && place === 1 ? " vz-mp-cross" : ""}`, "aria-hidden": "true"});
    mark.style.setProperty("--vz-swatch", colour);
    const button = make("button", {type: "button", class: "vz-mp-kind", "aria-pressed": String(this.alone.has(place)), title: `Show ${name} alone`, onclick: () => this.toggle(place)},
      mark, make("span", {class: "vz-mp-kind-name"}, name), make("span", {class: "vz-number vz-muted"}, count.toLocaleString("en")));
    return make("li", {}, button);
  }

  toggle(place) {
    if (this.alone.has(place)) this.alone.delete(place);
    else this.alone.add(place);
    [...this.list.querySelectorAll("button")].forEach((button, at) => button.setAttribute("aria-pressed", String(this.alone.has(at))));
    this.onFade();
  }

  /** Kinds that step back: all but the chosen. */
  get faded() {
    if (!this.kinds || this.alone.size === 0) return new Set();
    return new Set(this.kinds.kinds.map((_, place) => place).filter((place) => !this.alone.has(place)));
  }
}

/** The picture pointed at: itself, its label, what the network says, its ten nearest by features. */
export class MapDetail {
  constructor({onPick}) {
    this.onPick = onPick;
    this.element = make("section", {class: "vz-mp-detail", "aria-label": "Picture pointed at", "aria-live": "polite"});
    this.rest();
  }

  rest(sentence = "Point at a picture: its label, what the network takes it for, and its ten nearest by features.") {
    this.shown = -1;
    this.element.replaceChildren(make("p", {class: "vz-muted vz-mp-small"}, sentence));
  }

  show(place, data, sheet) {
    if (place === this.shown) return;
    this.shown = place;
    const {indices, probabilities} = data.points;
    const [label, prediction, correct] = [data.labelOf(place), data.predictionOf(place), data.isCorrect(place)];
    const verdict = correct === null ? null : make("span", {class: `vz-mp-verdict ${correct ? "vz-mp-right" : "vz-mp-wrong"}`}, correct ? "✓ right" : "✗ wrong");
    const facts = make("dl", {class: "vz-mp-facts"},
      ...(label === null ? [] : [make("dt", {}, "Label"), make("dd", {}, label)]),
      make("dt", {}, "Prediction"), make("dd", {}, make("span", {}, prediction), verdict ? " " : null, verdict),
      make("dt", {}, "Probability"), make("dd", {class: "vz-number"}, percent(probabilities[place])));
    const near = data.neighboursOf(place);
    this.element.replaceChildren(
      make("div", {class: "vz-mp-card"}, sheet ? thumbnail(sheet, indices[place], 96, data.nameOf(place)) : null,
        make("div", {}, make("p", {class: "vz-mp-name"}, data.nameOf(place)), facts)),
      near.length ? make("p", {class: "vz-mp-small vz-muted"}, nearText(place, near, data)) : "",
      make("div", {class: "vz-mp-near"}, ...near.map((other) => this.nearButton(other, data, sheet, label))));
  }

  nearButton(other, data, sheet, label) {
    const own = data.labelOf(other);
    const differs = label !== null && own !== label;
    return make("button", {type: "button", class: `vz-mp-near-one${differs ? " vz-mp-differs" : ""}`, title: `${data.nameOf(other)}${own === null ? "" : `: ${own}`}`,
      "aria-label": `Go to ${data.nameOf(other)}${own === null ? "" : `, ${own}`}`, onclick: () => this.onPick(other)}, sheet ? thumbnail(sheet, data.points.indices[other], 34) : String(other));
  }
}

/** "Its 10 nearest by features: 9 have the same label." */
export function nearText(place, near, data) {
  const label = data.labelOf(place);
  if (label === null) return `Its ${near.length} nearest by features`;
  const same = near.filter((other) => data.labelOf(other) === label).length;
  return `Its ${near.length} nearest by features: ${same === near.length ? "all" : same} of the same label`;
}

/** The numbers of the settled map. */
export class MapQuality {
  constructor() {
    this.element = make("section", {class: "vz-mp-quality", id: "vz-mp-quality", "aria-label": "What the map is worth", "aria-live": "polite", hidden: true});
  }

  show(data) {
    this.element.hidden = !data?.settled;
    if (!data?.settled) return;
    const rows = qualityRows({...data.settled, method: data.asked.method});
    const {sampled} = data.settled.quality;
    const notes = [...(data.settled.notes ?? []), sampled && sampled < data.count ? `Measured on ${sampled.toLocaleString("en")} pictures drawn by chance.` : null].filter(Boolean);
    this.element.replaceChildren(
      make("dl", {class: "vz-mp-numbers"}, ...rows.map(({name, value, note}) => make("div", {title: note}, make("dt", {}, name), make("dd", {class: "vz-number"}, value)))),
      ...notes.map((note) => make("p", {class: "vz-mp-small vz-muted"}, note)));
  }
}
