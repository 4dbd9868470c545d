// The pipeline as cards: add from a grouped menu, reorder by drag or keys, switch off, set parameters.

import {make} from "../dom.js";
import {draggable} from "./dragging.js";
import {fresh, grouped, moved} from "./pipeline.js";
import {stepCard} from "./step_card.js";

export class PipelineView {
  /** `onChange(steps)`: at every move of a slider, too. */
  constructor({onChange}) {
    Object.assign(this, {onChange, menu: null, steps: []});
    this.list = make("ol", {class: "vz-au-cards", id: "vz-au-cards", "aria-label": "Pipeline, from first to last"});
    this.empty = make("p", {class: "vz-au-empty vz-muted", hidden: true}, "No step: the network gets the picture as it is. Add one, or choose a recipe.");
    this.add = make("select", {class: "vz-field vz-au-add", id: "vz-au-add", "aria-label": "Add a step", onchange: () => this.added()});
    this.spoken = make("p", {class: "vz-unseen", "aria-live": "polite"});
    this.element = make("section", {class: "vz-au-pipeline", "aria-label": "Pipeline"}, this.list, this.empty, this.add, this.spoken);
  }

  setMenu(menu) {
    this.menu = menu;
    const groups = grouped(menu.transforms).map(({group, transforms}) =>
      make("optgroup", {label: group}, ...transforms.map(({id, title, sentence}) => make("option", {value: id, title: sentence}, title))));
    this.add.replaceChildren(make("option", {value: ""}, "+ Add a step …"), ...groups);
  }

  /** Show other steps than those on screen. */
  show(steps) {
    this.steps = steps;
    const cards = steps.map((step, at) => this.card(step, at));
    this.list.replaceChildren(...cards.map(({element}) => element));
    cards.forEach(({element, handle}) => draggable({handle, card: element, list: this.list, dropped: (from, to) => this.move(from, to)}));
    this.empty.hidden = steps.length > 0;
  }

  card(step, at) {
    const record = this.menu.transforms.find(({id}) => id === step.id);
    return stepCard({
      record,
      step,
      changed: (patch) => this.change(at, patch),
      removed: () => this.remove(at, record),
      key: (event) => this.key(event, at),
    });
  }

  change(at, patch) {
    this.steps = this.steps.map((step, place) => (place === at ? {...step, ...patch} : step));
    this.onChange(this.steps);
  }

  /** Show changed steps and tell; the keyboard stays at the handle of the card `focus`. */
  set(steps, {focus = null, words = ""} = {}) {
    this.show(steps);
    this.spoken.textContent = words;
    if (focus !== null) this.list.children[focus]?.querySelector(".vz-au-handle-grip").focus();
    this.onChange(steps);
  }

  added() {
    const record = this.menu.transforms.find(({id}) => id === this.add.value);
    this.add.value = "";
    if (!record) return;
    this.set([...this.steps, fresh(record)], {words: `${record.title} added, step ${this.steps.length + 1}.`});
    this.list.lastElementChild.scrollIntoView({block: "nearest", behavior: "smooth"});
  }

  remove(at, record) {
    this.set(this.steps.filter((_, place) => place !== at), {focus: Math.min(at, this.steps.length - 2), words: `${record.title} removed.`});
    if (this.steps.length === 0) this.add.focus();
  }

  move(from, to) {
    const record = this.menu.transforms.find(({id}) => id === this.steps[from].id);
    this.set(moved(this.steps, from, to), {focus: to, words: `${record.title} is now step ${to + 1} of ${this.steps.length}.`});
  }

  key(event, at) {
    const step = {ArrowUp: -1, ArrowDown: 1}[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const to = at + step;
    if (to >= 0 && to < this.steps.length) this.move(at, to);
  }
}
