// The menu of networks: a button that opens a listbox, grouped by what is ready.

import {icon, make} from "./dom.js";
import {ICONS} from "./icons.js";

const TYPING_PAUSE_MS = 700;

/** Bytes as a reader says them: "98 MB", "0.4 MB", "60 kB". */
export function sizeText(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1e5) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  const megabytes = bytes / 1e6;
  return `${megabytes < 9.95 ? megabytes.toFixed(1) : Math.round(megabytes)} MB`;
}

/** Groups of the menu in reading order, empty ones left out: `[{title, models}]`. */
export function grouped(models) {
  const small = (model) => model.labels !== "imagenet";
  const groups = [
    {title: "ImageNet, ready", models: models.filter((model) => model.ready && !small(model))},
    {title: "Small, trained here", models: models.filter(small)},
    {title: "ImageNet, official weights to download", models: models.filter((model) => !model.ready && !small(model))},
  ];
  return groups.filter((group) => group.models.length > 0);
}

/** The model whose title goes on from `typed`, searched from the one after `active`. */
export function typedAhead(models, typed, active) {
  const start = models.findIndex((model) => model.name === active) + (typed.length === 1 ? 1 : 0);
  const order = [...models.slice(start), ...models.slice(0, start)];
  return order.find((model) => model.title.toLowerCase().startsWith(typed.toLowerCase())) ?? null;
}

function option(model, selected, choose) {
  const shape = `${model.input[1]} × ${model.input[2]}`;
  const facts = [model.ready ? model.weights : null, shape, sizeText(model.size_bytes)].filter(Boolean);
  const details = make("span", {class: "vz-option-details vz-muted vz-number"}, facts.join(" · "));
  return make(
    "div",
    {class: "vz-option", role: "option", id: `vz-net-${model.name}`, "aria-selected": String(selected),
      "data-net": model.name, title: model.source, onclick: () => choose(model.name)},
    make("span", {class: "vz-option-mark"}, selected ? icon(ICONS.tick) : model.ready ? null : icon(ICONS.download)),
    make("span", {class: "vz-option-title"}, model.title),
    details,
  );
}

/** The menu's element and `draw(state)`; `choose(name)` is called with the reader's choice. */
export function networkMenu({context, choose, signal}) {
  const title = make("span", {class: "vz-network-title"}, "…");
  const details = make("span", {class: "vz-network-details vz-muted vz-number"});
  const badge = make("span", {class: "vz-badge vz-warning", hidden: true}, "untrained weights");
  const button = make(
    "button",
    {class: "vz-button vz-network-button", id: "vz-network", type: "button", "aria-haspopup": "listbox",
      "aria-expanded": "false", "aria-controls": "vz-network-list", "aria-labelledby": "vz-network-caption vz-network"},
    make("span", {class: "vz-network-text"}, title, details, badge),
    icon(ICONS.chevron),
  );
  const list = make("div", {class: "vz-network-list", id: "vz-network-list", role: "listbox", tabindex: "-1",
    "aria-label": "Networks", popover: "manual", hidden: !("popover" in HTMLElement.prototype)});
  const element = make("div", {class: "vz-network"}, button, list);
  let active = null;
  let typed = "";
  let lastKey = 0;
  let open = false;

  const models = () => grouped(context.catalogue?.models ?? []).flatMap((group) => group.models);

  function activate(name) {
    active = name;
    for (const node of list.querySelectorAll(".vz-option")) {
      const here = node.dataset.net === name;
      node.classList.toggle("vz-active", here);
      if (!here) continue;
      list.setAttribute("aria-activedescendant", node.id);
      node.scrollIntoView({block: "nearest"});
    }
  }

  function place() {
    const box = button.getBoundingClientRect();
    const below = innerHeight - box.bottom - 12;
    const width = Math.min(Math.max(box.width, 300), innerWidth - 16);
    Object.assign(list.style, {
      left: `${Math.min(box.left, innerWidth - width - 8)}px`,
      top: `${Math.max(8, below < 220 ? Math.min(box.bottom + 4, innerHeight - 380) : box.bottom + 4)}px`,
      width: `${width}px`,
      maxHeight: `${Math.max(below, Math.min(372, innerHeight - 16))}px`,
    });
  }

  function show(yes) {
    if (yes === open || (yes && !context.catalogue)) return;
    open = yes;
    button.setAttribute("aria-expanded", String(yes));
    if (list.showPopover) yes ? list.showPopover() : list.hidePopover();
    else list.hidden = !yes;
    if (!yes) return;
    place();
    list.focus({preventScroll: true});
    activate(context.state.net);
  }

  function take(name) {
    show(false);
    button.focus();
    if (name) choose(name);
  }

  function onKey(event) {
    const names = models().map((model) => model.name);
    const at = names.indexOf(active);
    const steps = {ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: names.length - 1, PageDown: at + 5, PageUp: at - 5};
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    if (event.key in steps) activate(names[Math.max(0, Math.min(names.length - 1, steps[event.key]))]);
    else if (event.key === "Enter" || (event.key === " " && !typed)) take(active);
    else if (event.key === "Escape") take(null);
    else if (event.key === "Tab") return show(false);
    else if (event.key.length === 1) {
      typed = event.timeStamp - lastKey < TYPING_PAUSE_MS ? typed + event.key : event.key;
      lastKey = event.timeStamp;
      const found = typedAhead(models(), typed, active);
      if (found) activate(found.name);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  button.addEventListener("click", () => show(!open), {signal});
  button.addEventListener("keydown", (event) => {
    if (!["ArrowDown", "ArrowUp"].includes(event.key)) return;
    event.preventDefault();
    show(true);
  }, {signal});
  list.addEventListener("keydown", onKey, {signal});
  list.addEventListener("focusout", (event) => !element.contains(event.relatedTarget) && show(false), {signal});
  document.addEventListener("pointerdown", (event) => !element.contains(event.target) && show(false), {signal});
  addEventListener("resize", () => show(false), {signal});
  addEventListener("scroll", () => open && place(), {signal, passive: true});

  function drawOptions(state) {
    const groups = grouped(context.catalogue.models).map((group) =>
      make("div", {role: "group", "aria-label": group.title},
        make("div", {class: "vz-option-group", "aria-hidden": "true"}, group.title),
        ...group.models.map((model) => option(model, model.name === state.net, take))));
    list.replaceChildren(...groups);
    if (open) activate(active);
  }

  let drawn = null;
  return {
    element,
    draw(state) {
      const model = context.catalogue?.models.find(({name}) => name === state.net);
      if (!model) return;
      const untrained = state.weights === "untrained";
      title.textContent = model.title;
      details.textContent = untrained ? "" : model.ready ? model.weights : "not on this machine yet";
      badge.hidden = !untrained;
      if (drawn?.catalogue === context.catalogue && drawn.net === state.net) return;
      drawn = {catalogue: context.catalogue, net: state.net};
      drawOptions(state);
    },
  };
}
