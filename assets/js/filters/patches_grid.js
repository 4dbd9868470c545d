// The nine strongest patches as cards: the patch, what in it counts, its value and its class.

import {format} from "../colour.js";
import {make} from "../dom.js";
import {decoded, drawPart, inside} from "./patches_picture.js";
import {cardText, driving} from "./patches_words.js";

const STEPS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

/** The place that a key leads to among `count` cards in rows of `across`; null for another key. */
export function steppedCard(key, place, count, across) {
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  if (!(key in STEPS)) return null;
  const [by, down] = STEPS[key];
  const next = place + by + down * across;
  return next >= 0 && next < count ? next : place;
}

/** The grid. `onSelect(place)` hears of the card looked at. */
export class PatchesGrid {
  constructor({onSelect}) {
    this.onSelect = onSelect;
    this.cards = [];
    this.element = make("div", {class: "vz-ft-grid", id: "vz-ft-grid", role: "listbox", "aria-label": "The strongest patches", "aria-orientation": "horizontal",
      onkeydown: (event) => this.key(event)});
  }

  /** Show patches: `{header, arrays: {values}, strip}`, the strip decoded; `guided` false leaves its place out. */
  show({patches, strip, input, guided}) {
    const shown = driving(patches);
    this.cards = shown.map((patch, place) => this.card(patch, place, {strip, input, guided}));
    this.element.replaceChildren(...this.cards.map(({element}) => element));
    this.element.hidden = this.cards.length === 0;
  }

  card(patch, place, {strip, input, guided}) {
    const size = patch.window.slice(2);
    const seen = make("canvas", {class: "vz-ft-patch", "aria-hidden": "true"});
    drawPart(seen, strip, patch.place, size, inside(patch.window, input));
    const counts = guided ? make("canvas", {class: "vz-ft-patch vz-ft-guided vz-ft-coming", "aria-hidden": "true"}) : null;
    if (counts) counts.style.aspectRatio = seen.style.aspectRatio;
    const words = make("span", {class: "vz-ft-words"}, make("span", {class: "vz-number vz-ft-value"}, format(patch.value)),
      patch.label === null ? null : make("span", {class: "vz-ft-label", title: patch.label}, patch.label));
    const element = make("button", {type: "button", class: "vz-ft-card", role: "option", "aria-label": cardText(patch, place), "aria-selected": "false", tabindex: "-1",
      onclick: () => this.select(place)}, make("span", {class: "vz-ft-pair"}, seen, counts), words);
    return {element, patch, counts};
  }

  /** Put in what guided backpropagation says of the patches from `first` on. */
  async addGuided({header, arrays}, input, current = () => true) {
    const image = await decoded(arrays.strip, header.format);
    if (!current()) return;
    for (const {patch, counts} of this.cards) {
      const part = patch.place - header.first;
      if (!counts || part < 0 || part >= arrays.most.length) continue;
      drawPart(counts, image, part, patch.window.slice(2), inside(patch.window, input));
      counts.classList.remove("vz-ft-coming");
      counts.classList.toggle("vz-ft-nothing", arrays.most[part] === 0);
    }
  }

  /** Take away the places of what does not come. */
  endGuided() {
    this.cards.forEach(({counts}) => counts?.classList.remove("vz-ft-coming"));
  }

  select(place, {focus = false} = {}) {
    this.cards.forEach(({element}, at) => {
      element.setAttribute("aria-selected", String(at === place));
      element.tabIndex = at === place ? 0 : -1;
    });
    if (focus) this.cards[place]?.element.focus();
    this.onSelect(place);
  }

  key(event) {
    const place = this.cards.findIndex(({element}) => element === event.target.closest(".vz-ft-card"));
    const across = getComputedStyle(this.element).gridTemplateColumns.split(" ").length;
    const next = place < 0 || event.ctrlKey || event.metaKey || event.altKey ? null : steppedCard(event.key, place, this.cards.length, across);
    if (next === null) return;
    this.select(next, {focus: true});
    event.preventDefault();
    event.stopPropagation();
  }
}
