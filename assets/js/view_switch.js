// A switch between the views of a panel: tabs by click and arrow keys, each view built when first shown.

import {make} from "./dom.js";

const STEPS = {ArrowRight: 1, ArrowLeft: -1};

/** The place after `index` of `count` that a key leads to; null for a key that leads nowhere. */
export function steppedTab(key, index, count) {
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return key in STEPS ? (index + STEPS[key] + count) % count : null;
}

/** Told of being shown and hidden: `onShow(fn)` calls `fn(shown)` at once and at every change. */
export function visibility() {
  const listeners = new Set();
  let shown = false;
  return {
    get shown() {
      return shown;
    },
    onShow(listener) {
      listeners.add(listener);
      listener(shown);
      return () => listeners.delete(listener);
    },
    set(next) {
      if (next === shown) return;
      shown = next;
      listeners.forEach((listener) => listener(shown));
    },
  };
}

/**
 * The switch. `views`: `{name: {title, note, open: async (page, onShow) => ({destroy()})}}`.
 * `onChoose(name)` hears of the visitor's choices; `active(isInFront)` tells whether the panel itself is seen.
 */
export class ViewSwitch {
  constructor({id, label, views, onChoose = () => {}}) {
    Object.assign(this, {id, views, onChoose, names: Object.keys(views), opened: {}, tabs: {}, pages: {}, seen: {}, front: false});
    for (const name of this.names) this.addView(name);
    const list = make("div", {class: "vz-switch-tabs", role: "tablist", "aria-label": label, onkeydown: (event) => this.key(event)}, ...Object.values(this.tabs));
    this.element = make("section", {class: "vz-switch", "aria-label": label}, list, ...Object.values(this.pages));
  }

  addView(name) {
    const {title, note} = this.views[name];
    const [tab, page] = [`vz-${this.id}-tab-${name}`, `vz-${this.id}-${name}`];
    this.tabs[name] = make("button", {class: "vz-switch-tab", type: "button", role: "tab", id: tab, "aria-controls": page, "data-view": name, title: note,
      onclick: () => this.choose(name)}, title);
    this.pages[name] = make("div", {class: "vz-switch-page", role: "tabpanel", id: page, "aria-labelledby": tab, hidden: true});
    this.seen[name] = visibility();
  }

  key(event) {
    const next = steppedTab(event.key, this.names.indexOf(this.view), this.names.length);
    if (next === null || event.ctrlKey || event.metaKey || event.altKey) return;
    this.choose(this.names[next]);
    this.tabs[this.view].focus();
    event.preventDefault();
    event.stopPropagation();
  }

  choose(name) {
    this.onChoose(name);
    return this.show(name);
  }

  /** Bring a view to the front, built when it is first looked at. */
  async show(name) {
    this.view = name;
    for (const other of this.names) {
      this.tabs[other].setAttribute("aria-selected", String(other === name));
      this.tabs[other].tabIndex = other === name ? 0 : -1;
      this.pages[other].hidden = other !== name;
    }
    this.tell();
    if (this.front) await this.open(name);
  }

  /** Whether the panel itself is in front: nothing is built or computed behind the others. */
  async active(front) {
    this.front = front;
    this.tell();
    if (front && this.view) await this.open(this.view);
  }

  tell() {
    for (const name of this.names) this.seen[name].set(this.front && name === this.view);
  }

  open(name) {
    this.opened[name] ??= this.build(name);
    return this.opened[name];
  }

  async build(name) {
    const page = this.pages[name];
    try {
      return await this.views[name].open(page, this.seen[name].onShow);
    } catch (error) {
      console.error(error);
      const again = make("button", {type: "button", class: "vz-button", onclick: () => this.show(name)}, "Try again");
      const sentence = make("p", {}, `“${this.views[name].title}” could not be opened. Check the connection, then try again.`);
      page.replaceChildren(make("div", {class: "vz-message", role: "alert"}, sentence, again));
      this.opened[name] = undefined;
      return null;
    }
  }

  async destroy() {
    this.active(false);
    for (const view of Object.values(this.opened)) (await view)?.destroy?.();
  }
}
