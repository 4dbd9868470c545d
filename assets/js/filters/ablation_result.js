// What the network says without some channels: classes before and after, layers behind, their maps.

import {format, lookup, percent} from "../colour.js";
import {make} from "../dom.js";
import {percentage} from "../prediction.js";
import {colourValues} from "../ranges.js";
import {logitText, outcome} from "./ablation_words.js";

const byShare = (a, b) => Math.max(b.before ?? 0, b.after ?? 0) - Math.max(a.before ?? 0, a.after ?? 0);

/** A map in colour, `low` to `high`. */
function mapCanvas(values, height, width, limits, name, colours = "viridis") {
  const canvas = make("canvas", {class: "vz-fi-map", width, height, role: "img", "aria-label": name});
  canvas.getContext("2d").putImageData(new ImageData(colourValues(values, limits, lookup(colours)), width, height), 0, 0);
  return canvas;
}

export class AblationResult {
  constructor({onShown}) {
    this.onShown = onShown;
    this.sentence = make("p", {class: "vz-fi-outcome", "aria-live": "polite"});
    this.logit = make("p", {class: "vz-number vz-muted"});
    this.classes = make("table", {class: "vz-fi-classes vz-number"});
    this.reachTitle = make("h3", {}, "How far it reaches");
    this.reachNote = make("p", {class: "vz-muted vz-fi-small"});
    this.reach = make("ol", {class: "vz-fi-reach"});
    this.mapsTitle = make("h3", {});
    this.maps = make("div", {class: "vz-fi-changed"});
    this.behind = make("section", {class: "vz-fi-behind", "aria-label": "Layers behind", hidden: true}, this.reachTitle, this.reachNote, this.reach, this.mapsTitle, this.maps);
    this.element = make("aside", {class: "vz-fi-detail vz-fi-result", "aria-label": "The prediction without these channels"}, this.sentence, this.logit, this.classes, this.behind);
  }

  /** The answer of /vz/ablation for `off` of `count` channels. */
  show(answer, off, count) {
    this.sentence.textContent = outcome(answer, off, count);
    this.logit.textContent = logitText(answer.target);
    const head = make("tr", {}, ...["Class", "With all", off.length ? "Without" : ""].map((text) => make("th", {scope: "col"}, text)));
    const bar = (share, name) => make("span", {class: `vz-fi-share ${name}`, "aria-hidden": "true"}, make("i", {style: `width: ${100 * (share ?? 0)}%`}));
    const row = (one) => make("tr", {class: one.index === answer.target.index ? "vz-fi-target" : ""},
      make("th", {scope: "row"}, one.label, make("span", {class: "vz-fi-bars-two"}, bar(one.before, "vz-fi-with"), off.length ? bar(one.after, "vz-fi-without") : null)),
      make("td", {}, percentage(one.before)), make("td", {}, off.length ? percentage(one.after) : ""));
    this.classes.replaceChildren(make("thead", {}, head), make("tbody", {}, ...[...answer.classes].sort(byShare).map(row)));
    this.behind.hidden = off.length === 0 || answer.reach.length === 0;
  }

  /** The relative change of layers behind; `shown` is the one whose maps are drawn. */
  showReach(rows, shown) {
    const most = Math.max(1e-12, ...rows.map(({change}) => change ?? 0));
    this.reachNote.textContent = "Length of the change relative to the layer’s values, layer by layer towards the prediction. Choose a layer to see its maps.";
    const item = ({layer, kind, change}) => make("li", {},
      make("button", {type: "button", class: "vz-fi-reach-row", "aria-pressed": String(layer === shown), onclick: () => this.onShown(layer)},
        make("span", {class: "vz-fi-reach-name", title: kind}, layer), make("span", {class: "vz-fi-share vz-fi-without", "aria-hidden": "true"}, make("i", {style: `width: ${(100 * (change ?? most)) / most}%`})),
        make("span", {class: "vz-number"}, change === null ? "∞" : percent(change))));
    this.reach.replaceChildren(...rows.map(item));
  }

  markShown(shown) {
    for (const button of this.reach.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.querySelector(".vz-fi-reach-name").textContent === shown));
  }

  /** The most changed maps of a layer behind. */
  showMaps({header, arrays}) {
    const [count, height, width] = header.arrays.before.shape;
    const some = header.changed < header.of ? `${header.changed.toLocaleString("en")} of its ${header.of.toLocaleString("en")} channels ${header.changed === 1 ? "changes" : "change"}` : "all of its channels change";
    this.mapsTitle.textContent = header.changed === 0 ? `Nothing changes in ${header.shown}.` : `${header.shown}: ${some}; the most changed`;
    const size = height * width;
    const figure = (place) => {
      const [before, after] = ["before", "after"].map((name) => arrays[name].subarray(place * size, (place + 1) * size));
      let [low, high] = [Infinity, -Infinity];
      for (const value of [...before, ...after]) if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
      const channel = arrays.channels[place];
      if (size === 1) return make("figure", {class: "vz-number"}, make("figcaption", {class: "vz-muted"}, String(channel)), `${format(before[0], 3)} → ${format(after[0], 3)}`);
      const difference = Float32Array.from(after, (value, cell) => value - before[cell]);
      const reach = difference.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      return make("figure", {}, make("figcaption", {class: "vz-muted vz-number"}, `channel ${channel}`),
        mapCanvas(before, height, width, {low, high}, "with all"), mapCanvas(after, height, width, {low, high}, "without"), mapCanvas(difference, height, width, {low: -reach, high: reach}, "difference", "diverging"));
    };
    const shown = Array.from({length: header.changed === 0 ? 0 : Math.min(count, header.changed)}, (_, place) => figure(place));
    this.maps.classList.toggle("vz-fi-single", size === 1);
    const legend = size === 1 || shown.length === 0 ? null : make("p", {class: "vz-muted vz-fi-small"}, "Each: with all channels, without them, and the difference (white is none).");
    this.maps.replaceChildren(...[legend, ...shown].filter(Boolean));
  }
}
