// The response curve: how the probability of the class follows one parameter, for several networks at once.

import {address, getJSON, postFrames} from "../api.js";
import {make} from "../dom.js";
import {labelledSelect} from "../dom.js";
import {percentage} from "../prediction.js";
import {retryMessage} from "../retry_message.js";
import {modelOf} from "../view.js";
import {asVisitor} from "../visitor.js";
import {CurveChart} from "./curve_chart.js";
import {CurveLegend} from "./curve_legend.js";
import {signed} from "./draw_words.js";

const POINTS = 31;
const SIDE = 224;

/** `count` values from `low` to `high`, evenly. */
export const evenly = (low, high, count) => Array.from({length: count}, (_, at) => Number((low + ((high - low) * at) / (count - 1)).toPrecision(6)));

/** A value on the axis: "−12°", "0.35 of the width", "× 1.4". */
export function placeText({unit}, value) {
  const text = signed(String(Number(value.toPrecision(3))));
  if (unit === "×") return `× ${text}`;
  return unit === "" || unit === "°" ? text + unit : `${text} ${unit}`;
}

/** The axis's name with its unit: "Shift down, share of the height". */
export const axisTitle = ({title, unit}) => (unit === "" || unit === "°" ? title : `${title}, ${unit.startsWith("of ") ? `share ${unit}` : unit}`);

/** The curve a state asks for, of those there are; the first where it asks for none. */
export function curveOf(curves, wanted) {
  return curves.find(({transform, parameter}) => wanted && transform === wanted.transform && parameter === wanted.parameter) ?? curves[0];
}

/** A point of a curve as the server sends it: `label` is the class that is most probable there. */
export const pointOf = ({position, value, probability, top}) => ({place: position, value, probability, label: top.label});

/** What a network says at a point of its curve: how sure it is of the class, and what it says instead. */
export function saidAt({title, label}, point) {
  return `${title}: ${percentage(point.probability)}${point.label === label ? "" : `, says “${point.label}”`}`;
}

export class CurveView {
  constructor(page, {desk, state, workspace, onShow}) {
    Object.assign(this, {desk, state, workspace, lines: [], key: null});
    this.chart = new CurveChart({onPoint: (place) => this.point(place)});
    this.legend = new CurveLegend({add: (net) => this.setNets([...this.nets(), net]), remove: (net) => this.setNets(this.nets().filter((name) => name !== net))});
    this.choice = labelledSelect("Along", {}, {id: "vz-ac-along", onchange: () => this.choose()});
    this.message = retryMessage("au-curve", {onRetry: () => this.ask()});
    this.picture = make("img", {class: "vz-ac-picture", alt: "", hidden: true});
    this.caption = make("p", {class: "vz-ac-caption vz-number"});
    this.status = make("p", {class: "vz-ac-status vz-muted", role: "status"});
    const figure = make("figure", {class: "vz-ac-point"}, make("div", {class: "vz-ac-picture-box"}, this.picture), make("figcaption", {}, this.caption));
    this.element = make("div", {class: "vz-ac"}, make("div", {class: "vz-ac-bar"}, this.choice.element, this.status), this.message.element,
      make("div", {class: "vz-ac-body"}, make("div", {class: "vz-ac-main"}, this.chart.element, this.legend.element), figure));
    page.replaceChildren(this.element);
    this.fill();
    this.release = [
      desk.onChange((keys) => keys.includes("menu") && this.fill()),
      state.subscribe((_, keys) => keys.some((key) => ["curve", "nets"].includes(key)) && this.ask()),
      workspace.subscribe((_, keys) => keys.some((key) => ["run", "target"].includes(key)) && this.ask()),
      onShow((shown) => this.toggle(shown)),
    ];
  }

  toggle(shown) {
    this.shown = shown;
    if (shown) this.ask();
    else this.stop();
  }

  stop() {
    this.work?.abort();
    this.key = null;
  }

  fill() {
    const {menu} = this.desk;
    if (!menu) return;
    this.choice.select.replaceChildren(...menu.curves.map(({title}, at) => make("option", {value: String(at)}, title)));
    this.ask();
  }

  choose() {
    const {transform, parameter} = this.desk.menu.curves[Number(this.choice.select.value)];
    this.state.set({curve: {transform, parameter}});
  }

  /** Names of the networks drawn: the workspace's own first. */
  nets() {
    const {net} = this.workspace.get();
    const others = (this.state.get().nets ?? []).filter((name) => name !== net);
    return [net, ...others];
  }

  setNets(names) {
    const {net} = this.workspace.get();
    const others = names.filter((name) => name !== net);
    this.state.set({nets: others.length ? others : null});
  }

  async ask() {
    const {menu} = this.desk;
    const state = this.workspace.get();
    if (!this.shown || !menu || !state.run) return;
    const curve = curveOf(menu.curves, this.state.get().curve);
    this.choice.select.value = String(menu.curves.indexOf(curve));
    this.catalogue ??= await getJSON("catalogue").catch(() => null);
    const parameters = {...this.desk.view(), nets: this.nets().join(","), transform: curve.transform, parameter: curve.parameter,
      from: curve.from, to: curve.to, count: POINTS, target: this.workspace.get().target};
    const key = JSON.stringify(parameters);
    if (key === this.key) return;
    this.stop();
    this.key = key;
    this.begin(curve);
    await this.stream(parameters);
  }

  begin(curve) {
    const titleOf = (name) => modelOf(this.catalogue, name)?.title ?? name;
    Object.assign(this, {curve, values: evenly(curve.from, curve.to, POINTS), lines: this.nets().map((net) => ({net, title: titleOf(net), points: []}))});
    this.message.show(null);
    this.picture.hidden = true;
    this.caption.textContent = "Point at the curve to see the picture there.";
    this.chart.start({values: this.values, title: axisTitle(curve), unit: curve.unit, neutral: curve.neutral});
    this.legend.show(this.lines, this.catalogue, this.workspace.get().net);
  }

  async stream(parameters) {
    const work = new AbortController();
    this.work = work;
    const {signal} = work;
    this.status.textContent = "Measuring …";
    try {
      await asVisitor(() => postFrames("augment/curve", parameters, ({header}) => !signal.aborted && this.take(header), {signal}));
      if (!signal.aborted) this.done();
    } catch (error) {
      if (signal.aborted) return;
      this.key = null;
      this.status.textContent = "";
      this.message.show(error.message);
    }
  }

  take(header) {
    const line = this.lines.find(({net}) => net === header.net);
    if (!line) return;
    line.label = header.target_label;
    line.points.push(pointOf(header));
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.chart.show(this.lines));
  }

  done() {
    this.chart.show(this.lines);
    const [own] = this.lines;
    const low = own.points.reduce((worst, point) => (point.probability < worst.probability ? point : worst), own.points[0]);
    this.status.textContent = `${own.title} is least sure of “${own.label}” at ${placeText(this.curve, low.value)}: ${percentage(low.probability)}.`;
    this.legend.show(this.lines, this.catalogue, this.workspace.get().net);
  }

  /** The picture and the numbers at one value. */
  point(place) {
    if (place === null) return;
    const value = this.values[place];
    const {transform, parameter} = this.curve;
    this.picture.src = address("augment/at", {...this.desk.view(), transform, parameter, value, side: SIDE}); // at the network's resolution: a pixel of blur is one of its pixels
    this.picture.hidden = false;
    this.picture.alt = `The picture at ${placeText(this.curve, value)}`;
    this.caption.replaceChildren(make("strong", {}, placeText(this.curve, value)), ...this.lines.flatMap((line) => {
      const point = line.points.find((entry) => entry.place === place);
      return point ? [make("span", {class: "vz-ac-said"}, saidAt(line, point))] : [];
    }));
  }

  destroy() {
    this.chart.destroy();
    this.release.forEach((release) => release());
    this.stop();
  }
}
