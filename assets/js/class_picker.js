// Choosing a class by name: a field that searches all classes of the network.

import {classLabels, classProbabilities} from "./class_labels.js";
import {searchClasses} from "./class_search.js";
import {icon, make} from "./dom.js";
import {ICONS} from "./icons.js";
import {listPlace} from "./network_menu.js";
import {percentage} from "./prediction.js";

const PAGE = 8;
let pickers = 0;

/** What the workspace's target is bound to, unless another place is given. */
const TARGET = {
  read: (state) => state.target,
  write: (workspace, index) => workspace.set({target: index}),
  none: (state) => (state.run ? `Most probable: ${state.run.top[0].label}` : "Most probable"),
  nobody: (state) => state.run?.top[0]?.index ?? null,
};

class ClassPicker {
  constructor({workspace, label, place}) {
    Object.assign(this, {workspace, place, id: `vz-class-${(pickers += 1)}`, open: false, fresh: true, active: 0, options: []});
    this.labels = null;
    this.probabilities = null;
    this.known = {}; // the network and the view that these belong to
    this.build(label);
    this.listen();
    this.release = workspace.subscribe((state, keys) => this.changed(state, keys));
    this.draw();
  }

  build(label) {
    this.input = make("input", {class: "vz-field vz-class-input", id: this.id, type: "text", role: "combobox", "aria-expanded": "false",
      "aria-controls": `${this.id}-list`, "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", placeholder: "Search a class"});
    this.share = make("span", {class: "vz-class-share vz-number vz-muted", "aria-hidden": "true"});
    this.clear = make("button", {class: "vz-button vz-quiet vz-class-clear", type: "button", onclick: () => this.take(null)}, icon(ICONS.close));
    this.list = make("div", {class: "vz-class-list", id: `${this.id}-list`, role: "listbox", "aria-label": label, popover: "manual",
      hidden: !("popover" in HTMLElement.prototype)});
    const box = make("div", {class: "vz-class-box"}, this.input, this.share, this.clear);
    this.element = make("div", {class: "vz-class vz-control"}, make("label", {class: "vz-control-name", for: this.id}, label), box, this.list);
  }

  listen() {
    this.ending = new AbortController();
    const options = {signal: this.ending.signal};
    this.input.addEventListener("click", () => this.show(true));
    this.input.addEventListener("input", () => this.typed());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("focus", () => this.input.select());
    this.input.addEventListener("blur", () => this.show(false));
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
    this.list.addEventListener("click", (event) => {
      const node = event.target.closest("[role=option]");
      if (node) this.take(this.options[Number(node.dataset.place)]);
    });
    addEventListener("resize", () => this.show(false), options);
    document.addEventListener("scroll", (event) => this.open && event.target !== this.list && this.settle(), {...options, capture: true});
  }

  changed(state, keys) {
    if (!this.element.isConnected) {
      if (this.mounted) this.destroy();
      return;
    }
    this.mounted = true;
    if (keys.some((key) => key !== "hover" && key !== "selectedReceptive")) this.draw();
  }

  /** Name and probability of what is chosen. */
  draw() {
    const state = this.workspace.get();
    this.load(state);
    const chosen = this.place.read(state);
    this.input.disabled = !state.run && !this.labels;
    this.clear.hidden = chosen === null;
    const words = this.place.clear ?? "Back to the most probable class";
    this.clear.title = words;
    this.clear.setAttribute("aria-label", words);
    if (this.open) return;
    const shown = chosen ?? this.place.nobody(state);
    this.input.value = shown === null ? "" : this.nameOf(shown, state);
    this.input.placeholder = shown === null ? this.place.none(state) : "Search a class";
    this.input.title = shown === null ? "" : `${this.nameOf(shown, state)}, class ${shown}${chosen === null ? ", the most probable one" : ""}`;
    this.share.textContent = shown === null ? "" : this.shareOf(shown, state);
  }

  nameOf(index, {run}) {
    return this.labels?.[index] ?? run?.top.find((entry) => entry.index === index)?.label ?? `class ${index}`;
  }

  shareOf(index, {run}) {
    const probability = run?.top.find((entry) => entry.index === index)?.probability ?? this.probabilities?.[index];
    return probability === undefined ? "" : percentage(probability);
  }

  /** Ask for what is not known yet; without it the field still shows the five of the prediction. */
  load(state) {
    const {net, run} = state;
    if (net && this.known.net !== net) {
      Object.assign(this.known, {net, run: null});
      this.labels = this.probabilities = null;
      if (run || this.open) this.fetchLabels(net);
      else this.known.net = null;
    }
    if (run && this.known.run !== run && (this.open || this.place.read(state) !== null)) this.fetchProbabilities(state);
    else if (this.known.run !== run) this.probabilities = null;
  }

  async fetchLabels(net) {
    try {
      const labels = await classLabels(net);
      if (this.known.net === net) this.labels = labels;
    } catch {
      if (this.known.net === net) this.known.net = null; // the next change asks again
    }
    this.refresh();
  }

  async fetchProbabilities(state) {
    this.known.run = state.run;
    const values = await classProbabilities(state).catch(() => null);
    if (this.known.run !== state.run) return;
    this.probabilities = values;
    this.refresh();
  }

  refresh() {
    if (this.open) this.fill();
    else this.draw();
  }

  typed() {
    this.fresh = false;
    if (this.open) this.fill();
    else this.show(true, {fresh: false});
  }

  /** Open or close the list; what stands in a `fresh` field is the choice, not a question. */
  show(open, {fresh = true} = {}) {
    if (open === this.open || (open && this.input.disabled)) return;
    Object.assign(this, {open, fresh});
    this.input.setAttribute("aria-expanded", String(open));
    if (!this.list.showPopover) this.list.hidden = !open;
    else if (open) this.list.showPopover();
    else this.list.hidePopover();
    if (open) {
      this.load(this.workspace.get());
      this.settle();
      this.fill();
      return;
    }
    this.input.removeAttribute("aria-activedescendant");
    this.draw();
  }

  settle() {
    const place = listPlace(this.input.getBoundingClientRect(), {width: innerWidth, height: innerHeight});
    for (const [name, value] of Object.entries({...place, maxHeight: Math.min(place.maxHeight, 380)})) this.list.style[name] = `${value}px`;
  }

  /** Fill the list with the classes that fit. */
  fill() {
    const state = this.workspace.get();
    const query = this.fresh ? "" : this.input.value;
    const labels = this.labels ?? [];
    const {found, total} = searchClasses(labels, query, {probabilities: this.probabilities});
    this.options = [...(query === "" ? [null] : []), ...found];
    const chosen = this.place.read(state);
    const rows = this.options.map((index, place) => this.row(index, place, chosen, state));
    const rest = total - found.length;
    const words = !this.labels ? "The names are on their way …" : total === 0 ? `No class is called “${query.trim().slice(0, 40)}”.`
      : rest > 0 ? `${rest.toLocaleString("en")} more: type to find one.` : null;
    this.list.replaceChildren(...rows, ...(words ? [make("p", {class: "vz-class-note vz-muted", role: "status"}, words)] : []));
    this.activate(query === "" ? Math.max(0, this.options.indexOf(chosen)) : 0);
  }

  row(index, place, chosen, state) {
    const none = index === null;
    return make("div", {class: `vz-class-option${none ? " vz-class-none" : ""}`, role: "option", id: `${this.id}-${place}`, "data-place": place,
      "data-class": none ? null : index, "aria-selected": String(index === chosen), title: none ? null : `class ${index}`},
      make("span", {class: "vz-class-mark"}, index === chosen ? icon(ICONS.tick) : null),
      make("span", {class: "vz-class-name"}, none ? this.place.none(state) : this.labels[index]),
      make("span", {class: "vz-class-share vz-number vz-muted"}, none ? "" : this.shareOf(index, state)));
  }

  /** Move the highlight, which is what Enter chooses. */
  activate(place) {
    this.active = Math.max(0, Math.min(this.options.length - 1, place));
    this.list.querySelectorAll("[role=option]").forEach((node, at) => {
      const here = at === this.active;
      node.classList.toggle("vz-active", here);
      if (!here) return;
      this.input.setAttribute("aria-activedescendant", node.id);
      node.scrollIntoView({block: "nearest"});
    });
  }

  take(index) {
    if (index === undefined) return;
    this.show(false);
    this.place.write(this.workspace, index);
    this.draw();
  }

  key(event) {
    event.stopPropagation(); // letters typed here are no shortcuts
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const steps = {ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE};
    if (event.key in steps && !this.open) this.show(true);
    else if (event.key in steps) this.activate(this.active + steps[event.key]);
    else if (event.key === "Enter" && this.open) this.take(this.options[this.active]);
    else if (event.key === "Enter") this.show(true);
    else if (event.key === "Escape" && this.open) this.show(false);
    else return;
    event.preventDefault();
  }

  destroy() {
    this.release();
    this.ending.abort();
  }
}

/**
 * A field for a class, bound to `workspace.target`, whose null means the most probable class: `{element, destroy}`.
 *
 * `place` binds it elsewhere: {read(state), write(workspace, index | null), none(state) text of the choice null,
 * nobody(state) class shown for null or null, clear: what the button that sets null does}.
 */
export function classPicker({workspace, label = "Class", place = TARGET}) {
  const picker = new ClassPicker({workspace, label, place});
  return {element: picker.element, draw: () => picker.draw(), destroy: () => picker.destroy()};
}
