// The row of sample pictures: a few that suit the network, the others behind a last tile.

import {make} from "./dom.js";
import {changedView, fewSamples, modelOf, sortedSamples} from "./view.js";

const FEW = 5;

/** Arrow keys walk through the buttons of a row; one of them is in the tab order. */
function roving(row, signal) {
  row.addEventListener("keydown", (event) => {
    const buttons = [...row.querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    const next = {ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1}[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    const target = buttons[Math.max(0, Math.min(buttons.length - 1, next))];
    buttons.forEach((button) => (button.tabIndex = button === target ? 0 : -1));
    target.focus();
  }, {signal});
}

/** Thumbnails on the page; `addressOf(handle)` is where a picture is served. */
export class SampleRow {
  constructor({store, context, addressOf, signal}) {
    Object.assign(this, {store, context, addressOf, all: false, drawn: ""});
    this.element = make("div", {class: "vz-samples", role: "group", "aria-label": "Sample pictures"});
    roving(this.element, signal);
  }

  thumbnail(sample) {
    const handle = `sample:${sample.name}`;
    return make(
      "button",
      {class: "vz-sample", type: "button", "data-sample": sample.name, title: `${sample.title}\n${sample.source}`,
        "aria-label": sample.title, onclick: () => this.store.set(changedView(this.store.get(), {picture: handle}))},
      make("img", {src: this.addressOf(handle), alt: "", loading: "lazy", decoding: "async"}),
    );
  }

  /** Follow the workspace. */
  draw(state) {
    const {catalogue} = this.context;
    const model = modelOf(catalogue, state.net);
    if (!model) return;
    const samples = this.all ? sortedSamples(catalogue, model) : fewSamples(catalogue, model, state.picture, FEW);
    const key = samples.map(({name}) => name).join(" ");
    if (key !== this.drawn) this.fill(samples, catalogue.samples.length - samples.length);
    this.drawn = key;
    this.mark(state.picture);
  }

  fill(samples, rest) {
    const more = make("button", {class: "vz-sample vz-sample-more vz-number", type: "button",
      "aria-label": `Show ${rest} more samples`, title: "More samples", onclick: () => this.unfold()}, `+${rest}`);
    this.element.replaceChildren(...samples.map((sample) => this.thumbnail(sample)), ...(rest > 0 ? [more] : []));
  }

  /** Press the chosen one, and let the tab key find it. */
  mark(picture) {
    const buttons = [...this.element.querySelectorAll("button")];
    for (const button of buttons) {
      const chosen = `sample:${button.dataset.sample}` === picture;
      if (button.dataset.sample) button.setAttribute("aria-pressed", String(chosen));
      button.tabIndex = -1;
    }
    const entry = buttons.find((button) => button.getAttribute("aria-pressed") === "true") ?? buttons[0];
    if (entry) entry.tabIndex = 0;
  }

  unfold() {
    const first = this.element.querySelectorAll("button").length - 1;
    this.all = true;
    this.draw(this.store.get());
    this.element.querySelectorAll("button")[first]?.focus();
  }
}
