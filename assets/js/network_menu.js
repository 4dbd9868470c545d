// The menu of networks: a button that opens a listbox, grouped by what is ready.

import {icon, make} from "./dom.js";
import {ICONS} from "./icons.js";
import {ownNetworks, ownParts} from "./own_networks.js";
import {modelOf} from "./view.js";

const TYPING_PAUSE_MS = 700;
const LEAST_PX = 370; // of the list, where the screen has them

/** Bytes as a reader says them: "98 MB", "0.4 MB", "60 kB". */
export function sizeText(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1e5) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  const megabytes = bytes / 1e6;
  return `${megabytes < 9.95 ? megabytes.toFixed(1) : Math.round(megabytes)} MB`;
}

/** Groups of the menu in reading order, empty ones left out: `[{title, models}]`; `own` are the page's. */
export function grouped(models, own = []) {
  const small = (model) => model.labels !== "imagenet";
  const groups = [
    {title: "Trained by you", models: own},
    {title: "ImageNet, ready", models: models.filter((model) => model.ready && !small(model))},
    {title: "Small, trained here", models: models.filter(small)},
    {title: "ImageNet, official weights to download", models: models.filter((model) => !model.ready && !small(model))},
  ];
  return groups.filter((group) => group.models.length > 0);
}

/** Whether an entry is the network in use; an own one is at whatever moment of its training. */
export function isChosen(model, net) {
  return model.name === net || (Boolean(model.own) && model.training === ownParts(net)?.training);
}

/** The model whose title goes on from `typed`, searched from the one after `active`. */
export function typedAhead(models, typed, active) {
  const start = models.findIndex((model) => model.name === active) + (typed.length === 1 ? 1 : 0);
  const order = [...models.slice(start), ...models.slice(0, start)];
  return order.find((model) => model.title.toLowerCase().startsWith(typed.toLowerCase())) ?? null;
}

function optionOf(model, selected, choose) {
  const shape = `${model.input[1]} × ${model.input[2]}`;
  const facts = [model.ready ? model.weights : null, shape, sizeText(model.size_bytes)].filter(Boolean);
  const mark = selected ? ICONS.tick : model.ready ? null : ICONS.download;
  return make(
    "div",
    {class: "vz-option", role: "option", id: `vz-net-${model.name}`, "aria-selected": String(selected),
      "data-net": model.name, title: model.source, onclick: () => choose(model.name)},
    make("span", {class: "vz-option-mark"}, mark && icon(mark)),
    make("span", {class: "vz-option-title"}, model.title),
    make("span", {class: "vz-option-details vz-muted vz-number"}, ...facts.flatMap((fact, place) => [place ? " · " : "", make("span", {class: "vz-fact"}, fact)])),
  );
}

/** Where the list goes: below the button, or as far up as it must to be readable. */
export function listPlace(button, screen) {
  const width = Math.min(Math.max(button.width, 300), screen.width - 16);
  const below = screen.height - button.bottom - 12;
  const top = below >= LEAST_PX ? button.bottom + 4 : Math.max(8, Math.min(button.bottom + 4, screen.height - LEAST_PX - 8));
  return {left: Math.max(8, Math.min(button.left, screen.width - width - 8)), top, width, maxHeight: screen.height - top - 8};
}

/** The menu on the page; `choose(name)` is called with the reader's choice. */
export class NetworkMenu {
  constructor({context, choose, signal}) {
    Object.assign(this, {context, choose, active: null, open: false, typed: "", lastKey: 0, drawn: null});
    this.build();
    this.listen(signal);
  }

  build() {
    this.title = make("span", {class: "vz-network-title"}, "…");
    this.details = make("span", {class: "vz-network-details vz-muted vz-number"});
    this.badge = make("span", {class: "vz-badge vz-warning", hidden: true}, "untrained weights");
    this.button = make(
      "button",
      {class: "vz-button vz-network-button", id: "vz-network", type: "button", "aria-haspopup": "listbox",
        "aria-expanded": "false", "aria-controls": "vz-network-list", "aria-labelledby": "vz-network-caption vz-network"},
      make("span", {class: "vz-network-text"}, this.title, this.details, this.badge),
      icon(ICONS.chevron),
    );
    this.list = make("div", {class: "vz-network-list", id: "vz-network-list", role: "listbox", tabindex: "-1",
      "aria-label": "Networks", popover: "manual", hidden: !("popover" in HTMLElement.prototype)});
    this.element = make("div", {class: "vz-network"}, this.button, this.list);
  }

  listen(signal) {
    const options = {signal};
    const outside = (node) => !this.element.contains(node);
    this.button.addEventListener("click", () => this.show(!this.open), options);
    this.button.addEventListener("keydown", (event) => {
      if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      this.show(true);
    }, options);
    this.list.addEventListener("keydown", (event) => this.key(event), options);
    this.list.addEventListener("focusout", (event) => outside(event.relatedTarget) && this.show(false), options);
    document.addEventListener("pointerdown", (event) => outside(event.target) && this.show(false), options);
    addEventListener("resize", () => this.show(false), options);
    document.addEventListener("scroll", (event) => this.open && event.target !== this.list && this.place(), {...options, capture: true});
  }

  models() {
    return grouped(this.context.catalogue?.models ?? [], ownNetworks()).flatMap((group) => group.models);
  }

  show(open) {
    if (open === this.open || (open && !this.context.catalogue)) return;
    this.open = open;
    this.button.setAttribute("aria-expanded", String(open));
    if (!this.list.showPopover) this.list.hidden = !open;
    else if (open) this.list.showPopover();
    else this.list.hidePopover();
    if (!open) return;
    this.place();
    this.list.focus({preventScroll: true});
    this.activate(this.models().find((model) => isChosen(model, this.context.state.net))?.name ?? null);
  }

  place() {
    const place = listPlace(this.button.getBoundingClientRect(), {width: innerWidth, height: innerHeight});
    for (const [name, value] of Object.entries(place)) this.list.style[name] = `${value}px`;
  }

  /** Move the highlight, which is what Enter chooses. */
  activate(name) {
    this.active = name;
    for (const node of this.list.querySelectorAll(".vz-option")) {
      const here = node.dataset.net === name;
      node.classList.toggle("vz-active", here);
      if (!here) continue;
      this.list.setAttribute("aria-activedescendant", node.id);
      node.scrollIntoView({block: "nearest"});
    }
  }

  take(name) {
    this.show(false);
    this.button.focus();
    if (name) this.choose(name);
  }

  key(event) {
    const names = this.models().map((model) => model.name);
    const at = names.indexOf(this.active);
    const steps = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: names.length - 1, PageDown: at + 5, PageUp: at - 5};
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key === "Tab") {
      this.show(false);
      return;
    }
    if (event.key in steps) this.activate(names[Math.max(0, Math.min(names.length - 1, steps[event.key]))]);
    else if (event.key === "Enter" || event.key === " ") this.take(this.active);
    else if (event.key === "Escape") this.take(null);
    else if (event.key.length === 1) this.type(event);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  type({key, timeStamp}) {
    this.typed = timeStamp - this.lastKey < TYPING_PAUSE_MS ? this.typed + key : key;
    this.lastKey = timeStamp;
    const found = typedAhead(this.models(), this.typed, this.active);
    if (found) this.activate(found.name);
  }

  /** Follow the workspace. */
  draw(state) {
    const {catalogue} = this.context;
    const model = modelOf(catalogue, state.net);
    if (!model) return;
    const untrained = state.weights === "untrained";
    this.title.textContent = model.title;
    this.details.textContent = untrained ? "" : model.ready ? model.weights : "not on this machine yet";
    this.badge.hidden = !untrained;
    const own = ownNetworks();
    if (this.drawn?.catalogue === catalogue && this.drawn.net === state.net && this.drawn.own === own) return;
    this.drawn = {catalogue, net: state.net, own};
    const groups = grouped(catalogue.models, own).map((group) =>
      make("div", {role: "group", "aria-label": group.title},
        make("div", {class: "vz-option-group", "aria-hidden": "true"}, group.title),
        ...group.models.map((one) => optionOf(one, isChosen(one, state.net), (name) => this.take(name)))));
    this.list.replaceChildren(...groups);
    if (this.open) this.activate(this.active);
  }
}
