// One plot of the curves: what every step gave, faint; smoothed, bold; validation at the end of every epoch.

import {inks, make} from "../dom.js";
import {acrossTicks, before, columns, logTicks, nearest, ticks, vertical} from "./curve_math.js";

const MARGIN = {left: 3.4, right: 0.7, top: 0.5, bottom: 1.9}; // em

export class CurvePlot {
  /** `text(value)` says a value; `label` names the axis of epochs where it is drawn. */
  constructor({key, title, text, tick = text}) {
    Object.assign(this, {key, title, text, tick});
    this.canvas = make("canvas", {class: "vz-tn-canvas", "aria-hidden": "true"});
    this.values = make("span", {class: "vz-tn-values vz-number"});
    this.element = make("div", {class: "vz-tn-plot", "data-curve": key}, make("div", {class: "vz-tn-plot-head"}, make("h4", {}, title), this.values), this.canvas);
  }

  /** Where steps lie, in CSS pixels of the canvas, and back. */
  across(step) {
    return this.left + (step / this.steps) * (this.right - this.left);
  }

  stepAt(x) {
    return Math.round(((x - this.left) / (this.right - this.left || 1)) * this.steps);
  }

  /** Look up what the page gives: size and colours. All plots do before the first draws, so that the page is laid out once. */
  measure() {
    const {clientWidth: width, clientHeight: height} = this.canvas;
    const style = getComputedStyle(this.canvas);
    const tint = (name) => style.getPropertyValue(`--vz-tn-${name}`).trim();
    Object.assign(this, {width, height, ink: inks(this.canvas), tints: {training: tint("training"), validation: tint("validation")}});
  }

  /** The canvas in device pixels, its context scaled to CSS pixels. */
  context() {
    const ratio = globalThis.devicePixelRatio || 1;
    const [across, down] = [Math.round(this.width * ratio), Math.round(this.height * ratio)];
    if (this.canvas.width !== across || this.canvas.height !== down) Object.assign(this.canvas, {width: across, height: down});
    const context = this.canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    return context;
  }

  /** `data`: {steps, raw, spans, smooth, validation: [{step, value}], total, perEpoch, range, log, cursor, moment}. */
  draw(data) {
    const {width, height, ink} = this;
    if (!width || !height) return;
    const context = this.context();
    const em = ink.text;
    Object.assign(this, {steps: Math.max(1, data.total), left: MARGIN.left * em, right: width - MARGIN.right * em});
    const frame = {top: MARGIN.top * em, bottom: height - MARGIN.bottom * em};
    const down = vertical(data.range, data.log, frame.top, frame.bottom);
    context.clearRect(0, 0, width, height);
    context.font = `${0.79 * em}px ${ink.font}`;
    this.axes(context, data, {ink, em, down, frame});
    context.save();
    context.beginPath();
    context.rect(this.left - 1, frame.top - 2, this.right - this.left + 3, frame.bottom - frame.top + 4);
    context.clip();
    this.training(context, data, down, em);
    this.validation(context, data, down, {ink, em});
    context.restore();
    this.cursor(context, data, {ink, em, down, frame});
  }

  axes(context, {range, log, total, perEpoch}, {ink, em, down, frame}) {
    const lines = log ? logTicks(...range) : ticks(...range, Math.max(2, Math.round((frame.bottom - frame.top) / (3 * em))));
    context.lineWidth = 1;
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (const value of lines) {
      const y = Math.round(down(value)) + 0.5;
      context.strokeStyle = ink.line;
      context.beginPath();
      context.moveTo(this.left, y);
      context.lineTo(this.right, y);
      context.stroke();
      context.fillStyle = ink.muted;
      context.fillText(this.tick(value), this.left - 0.45 * em, y);
    }
    context.textBaseline = "top";
    context.textAlign = "center";
    const wanted = Math.max(2, Math.floor((this.right - this.left) / (3.2 * em)));
    const {unit, places} = acrossTicks(total, perEpoch, wanted);
    for (const {step, text} of total > 1 ? places : []) {
      const x = Math.round(this.across(step)) + 0.5;
      context.strokeStyle = ink.edge;
      context.beginPath();
      context.moveTo(x, frame.bottom);
      context.lineTo(x, frame.bottom + 0.3 * em);
      context.stroke();
      context.fillText(step === 0 ? `${unit} 0` : text, step === 0 ? x + 0.7 * em : x, frame.bottom + 0.5 * em);
    }
  }

  training(context, {spans, smooth}, down, em) {
    const across = (step) => this.across(step);
    context.strokeStyle = this.tints.training;
    context.lineJoin = "round";
    context.globalAlpha = smooth ? 0.28 : 1;
    context.lineWidth = smooth ? 1 : Math.max(1.5, 0.11 * em);
    context.beginPath();
    columns(spans, across).forEach(({x, low, high, last}, at) => {
      if (at === 0) context.moveTo(x, down(last));
      if (high > low) {
        context.lineTo(x, down(low));
        context.lineTo(x, down(high));
      }
      context.lineTo(x, down(last));
    });
    context.stroke();
    context.globalAlpha = 1;
    if (!smooth) return;
    context.lineWidth = Math.max(1.75, 0.14 * em);
    context.beginPath();
    columns(smooth, across).forEach(({x, last}, at) => (at ? context.lineTo(x, down(last)) : context.moveTo(x, down(last))));
    context.stroke();
  }

  validation(context, {validation}, down, {ink, em}) {
    if (!validation?.length) return;
    const tint = this.tints.validation;
    const places = validation.filter(({value}) => Number.isFinite(value)).map(({step, value}) => [this.across(step), down(value)]);
    context.strokeStyle = tint;
    context.lineWidth = Math.max(1.5, 0.11 * em);
    context.setLineDash([0.35 * em, 0.25 * em]);
    context.beginPath();
    places.forEach(([x, y], at) => (at ? context.lineTo(x, y) : context.moveTo(x, y)));
    context.stroke();
    context.setLineDash([]);
    const radius = places.length > 40 ? 0.16 * em : 0.25 * em;
    for (const [x, y] of places) {
      context.beginPath();
      context.arc(x, y, radius, 0, 7);
      context.fillStyle = tint;
      context.fill();
      context.strokeStyle = ink.paper;
      context.lineWidth = 1;
      context.stroke();
    }
  }

  cursor(context, {cursor, moment, steps, raw, validation}, {ink, em, down, frame}) {
    const upright = (step, style, dash) => {
      const x = Math.round(this.across(step)) + 0.5;
      context.strokeStyle = style;
      context.lineWidth = 1.25;
      context.setLineDash(dash);
      context.beginPath();
      context.moveTo(x, frame.top);
      context.lineTo(x, frame.bottom);
      context.stroke();
      context.setLineDash([]);
      return x;
    };
    if (moment !== null) upright(moment, ink.ink, [0.2 * em, 0.2 * em]);
    if (cursor === null) return;
    const x = upright(cursor, ink.muted, []);
    const dot = (value, tint, place = x) => {
      if (!Number.isFinite(value)) return;
      context.beginPath();
      context.arc(place, down(value), 0.3 * em, 0, 7);
      context.fillStyle = tint;
      context.fill();
      context.strokeStyle = ink.paper;
      context.lineWidth = 1.5;
      context.stroke();
    };
    const at = nearest(steps, cursor);
    if (at >= 0) dot(raw[at], this.tints.training);
    const record = validation && before(validation, cursor);
    if (record) dot(record.value, this.tints.validation, this.across(record.step));
  }

  /** The values at the step pointed at, or the newest. */
  say({steps, raw, validation, cursor}) {
    const at = cursor === null ? steps.length - 1 : nearest(steps, cursor);
    const record = validation && before(validation, cursor ?? Infinity);
    const parts = [];
    if (at >= 0) parts.push(["training", raw[at]]);
    if (record && Number.isFinite(record.value)) parts.push(["validation", record.value]);
    const key = validation ? (name) => make("span", {class: `vz-tn-key vz-tn-key-${name}`}, make("span", {class: "vz-tn-key-word"}, name)) : () => null;
    this.values.replaceChildren(...parts.map(([name, value]) => make("span", {class: "vz-tn-value-pair"}, key(name), make("strong", {}, this.text(value)))));
    return parts.map(([name, value]) => `${validation ? `${name} ` : ""}${this.title.toLowerCase()} ${this.text(value)}`).join(", ");
  }
}
