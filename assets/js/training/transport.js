// Start, pause, resume, one step, stop, speed; how far it is and how long it still takes; the keys for all of it.

import {icon, make} from "../dom.js";
import {dataOf} from "./setup.js";
import {count, duration, expectedSeconds, percent, placeWords, resultWords, roughly, stepTime} from "./tr_says.js";
import {timedSeconds} from "./timing.js";

const SYMBOLS = {
  play: "M5 3.2L12.5 8L5 12.8z",
  pause: "M5.5 3v10M10.5 3v10",
  step: "M4 3.2L9.5 8L4 12.8zM12 3.2v9.6",
  stop: "M4 4h8v8H4z",
  again: "M12.8 8a4.8 4.8 0 1 1-1.5-3.5M11.6 1.8v3h-3",
};
const FULL = "full";
const SPEEDS = [[FULL, "full speed"], ["50", "50 steps a second"], ["10", "10 steps a second"], ["3", "3 steps a second"], ["1", "1 step a second"]];
const SPOKEN_MS = 4000; // at least between two spoken sentences
const FIELDS = "input, textarea, select, dialog, summary, button, [contenteditable], [role=listbox], [role=textbox], [role=slider]";

/** What a key means while nothing is being typed: "toggle", "step", "stop" or null. */
export function keyMeaning(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return null;
  const inField = event.target?.closest?.(FIELDS);
  if (event.key === " ") return inField ? null : "toggle";
  if (inField && !event.target.closest("button, summary, [role=slider]")) return null;
  return {p: "toggle", n: "step", x: event.shiftKey ? null : "stop"}[event.key] ?? null;
}

/** What the main button says and does in each state. */
export function mainAction({status, stale, handle, ended}) {
  if (status === "running" || status === "opening") return {does: "pause", title: "Pause", symbol: "pause"};
  if (!handle) return {does: "start", title: "Start", symbol: "play"};
  if (stale) return {does: "restart", title: "Start anew", symbol: "play"};
  if (ended) return {does: "restart", title: "Start again", symbol: "again"};
  return {does: "start", title: "Resume", symbol: "play"};
}

/** What a start will do and how long it takes: by steps timed on the server, until then at a guess. */
export function promise(desk) {
  const {setup, totals, menu} = desk;
  if (!setup || !totals?.parameters) return "";
  const {epochs, batch, pictures: limit} = setup.recipe;
  const {known} = desk.clerk.timing;
  const pictures = Math.min(limit ?? Infinity, known?.training ?? dataOf(menu, setup.data)?.training ?? NaN);
  if (!Number.isFinite(pictures)) return `${count(epochs)} ${epochs === 1 ? "epoch" : "epochs"}, every picture once in each.`;
  const times = `${count(pictures)} pictures, ${count(epochs)} ${epochs === 1 ? "time" : "times"} each`;
  const seconds = known ? timedSeconds(known, {pictures, epochs, batch}) : expectedSeconds({...totals, pictures, epochs, batch});
  const others = known?.others ? "; others train here, too" : "";
  return `${times}: ${count(Math.ceil(pictures / batch) * epochs)} steps, done ${roughly(seconds)} (${known ? `a step takes ${stepTime(known.step_s)}${others}` : "a guess"}).`;
}

export class Transport {
  constructor({desk}) {
    this.desk = desk;
    this.spokenAt = 0;
    const button = (id, title, symbol, key, act) => make("button", {type: "button", class: "vz-button vz-tn-control", id: `vz-tn-${id}`, title: `${title} (key ${key.toUpperCase()})`, onclick: act}, icon(SYMBOLS[symbol]), make("span", {}, title));
    this.main = make("button", {type: "button", class: "vz-button vz-primary vz-tn-main-button", id: "vz-tn-start", onclick: () => this.toggle()});
    this.step = button("step", "One step", "step", "n", () => desk.stepOnce());
    this.stop = button("stop", "Stop", "stop", "x", () => desk.stop());
    this.speed = make("select", {class: "vz-field", id: "vz-tn-speed", "aria-label": "Speed", title: "How fast: slow enough to watch single steps", onchange: () => desk.setSpeed(this.speed.value === FULL ? null : Number(this.speed.value))},
      ...SPEEDS.map(([value, title]) => make("option", {value}, title)));
    this.fill = make("div", {class: "vz-tn-bar-fill"});
    this.bar = make("div", {class: "vz-tn-bar", role: "progressbar", "aria-label": "Training", "aria-valuemin": "0"}, this.fill);
    this.place = make("span", {class: "vz-number vz-tn-place"});
    this.left = make("span", {class: "vz-number vz-muted vz-tn-left"});
    this.note = make("p", {class: "vz-tn-note", id: "vz-tn-note", hidden: true});
    this.preparing = make("div", {class: "vz-progress", hidden: true});
    this.spoken = make("p", {class: "vz-unseen", "aria-live": "polite"});
    this.element = make("section", {class: "vz-tn-transport", "aria-label": "Training"},
      make("div", {class: "vz-tn-controls"}, this.main, this.step, this.stop, this.speed),
      make("div", {class: "vz-tn-progress"}, make("div", {class: "vz-tn-progress-words"}, this.place, this.left), this.bar), this.note, this.spoken, this.preparing);
    this.ending = new AbortController();
    document.addEventListener("keydown", (event) => this.key(event), {signal: this.ending.signal});
    this.release = desk.onChange((keys) => this.changed(keys));
    this.draw();
  }

  toggle() {
    this.desk[mainAction(this.desk).does]();
  }

  key(event) {
    if (this.element.offsetParent === null || event.repeat) return;
    const meaning = keyMeaning(event);
    if (!meaning) return;
    event.preventDefault();
    if (meaning === "toggle" && !this.main.disabled) this.toggle();
    if (meaning === "step" && !this.step.disabled) this.desk.stepOnce();
    if (meaning === "stop" && !this.stop.disabled) this.desk.stop();
  }

  changed(keys) {
    if (keys.includes("frame") && !keys.includes("moment")) this.drawProgress();
    else if (keys.some((key) => ["status", "opened", "setup", "rows", "timing", "menu", "error", "moment", "settled"].includes(key))) this.draw();
    if (keys.includes("moment") || keys.includes("status")) this.speak();
  }

  draw() {
    const {desk} = this;
    const {status, handle, misfit, stale} = desk;
    const {title, symbol} = mainAction(desk);
    const busy = status === "running" || status === "opening";
    if (this.main.dataset.title !== title) this.main.replaceChildren(icon(SYMBOLS[symbol]), make("span", {}, title));
    this.main.dataset.title = title;
    this.main.title = `${title} (key P or the space bar)`;
    this.main.disabled = !busy && (!desk.menu || Boolean(misfit && (!handle || stale || desk.ended)));
    this.main.classList.toggle("vz-tn-first", !handle && !busy);
    this.step.disabled = status === "opening" || !desk.menu || Boolean(misfit && (!handle || stale));
    this.stop.disabled = !handle || desk.ended;
    this.step.hidden = this.stop.hidden = !handle && !busy;
    this.element.dataset.status = status;
    this.element.setAttribute("aria-busy", String(busy || Boolean(desk.settling)));
    this.preparing.hidden = status !== "opening";
    this.drawProgress();
    this.drawNote();
  }

  drawProgress() {
    const {desk} = this;
    const {info, status} = desk;
    this.bar.hidden = !info;
    if (!info) {
      this.place.textContent = status === "opening" ? "Preparing pictures and network …" : desk.misfit ? (desk.clerk.waiting ?? "Not ready: the setup says what is missing.") : promise(desk);
      this.left.textContent = "";
      return;
    }
    this.place.textContent = placeWords(info);
    this.fill.style.width = `${(100 * info.step) / Math.max(1, info.steps)}%`;
    this.bar.setAttribute("aria-valuemax", info.steps);
    this.bar.setAttribute("aria-valuenow", info.step);
    const full = status === "running" && !desk.speed;
    const pace = info.per_s ? `${count(info.per_s)} steps/s` : "";
    this.left.textContent = full ? [Number.isFinite(info.left_s) && info.step < info.steps ? `${duration(info.left_s)} left` : "", pace].filter(Boolean).join(" · ") : status === "running" ? "" : resultWords(desk.history);
  }

  drawNote() {
    const {desk} = this;
    const notes = [...(desk.ended && desk.why ? [desk.why] : []), ...(desk.info?.notes ?? [])];
    if (desk.handle && desk.clerk.waiting) notes.push(desk.clerk.waiting);
    else if (desk.stale && desk.status !== "opening") notes.push("The setup has changed since this training began: “Start anew” trains what is set up now.");
    this.note.textContent = notes.join(" ");
    this.note.hidden = notes.length === 0;
    this.note.classList.toggle("vz-message", desk.failed && !desk.stale);
  }

  /** Told to those who listen instead of look, not too often. */
  speak() {
    const {desk} = this;
    const now = performance.now();
    const {status, history} = desk;
    if (status === "running" && now - this.spokenAt < SPOKEN_MS) return;
    this.spokenAt = now;
    const last = history.validation.at(-1);
    const words = {opening: "Preparing.", paused: "Paused.", ended: "The training has ended.", failed: "The training failed.", running: ""}[status] ?? "";
    this.spoken.textContent = [words, desk.info ? placeWords(desk.info) : "", last && last.step ? `Validation accuracy ${percent(last.accuracy)}.` : ""].filter(Boolean).join(" ");
  }

  destroy() {
    this.ending.abort();
    this.release();
  }
}
