// The controls of switched-off channels: all, none, the rest; order; the channels that matter most.

import {labelledSelect, make} from "../dom.js";
import {ORDERS} from "./ablation_words.js";

/** The controls: `onAll(on)`, `onInvert()`, `onOrder(key)`, `onMeasure()`, `onCancel()`, `onMost(count)`. */
export function ablationBar({onAll, onInvert, onOrder, onMeasure, onCancel, onMost}) {
  const button = (title, onclick, more = {}) => make("button", {type: "button", class: "vz-button", onclick, ...more}, title);
  const order = labelledSelect("Sort by", ORDERS, {onchange: () => onOrder(order.select.value)});
  const many = make("input", {class: "vz-field vz-fi-channel", type: "number", min: "1", value: "5", step: "1", "aria-label": "How many of the most important"});
  const most = button("Switch off", () => onMost(Number(many.value)), {"aria-label": "Switch the most important off"});
  const ranking = make("div", {class: "vz-control", hidden: true}, make("span", {class: "vz-control-name"}, "Most important"), make("span", {class: "vz-fi-stepper"}, many, most));
  const measure = button("Measure importance", () => onMeasure(), {title: "Switch every channel off in turn: how far does the logit of the class fall?"});
  const cancel = button("Cancel", () => onCancel());
  const meter = make("progress", {max: "1", value: "0", "aria-label": "Channels measured"});
  const progress = make("span", {class: "vz-fi-stepper", hidden: true}, meter, cancel);
  const switches = make("div", {class: "vz-control", role: "group", "aria-label": "All channels"}, make("span", {class: "vz-control-name"}, "Channels"),
    make("span", {class: "vz-fi-stepper"}, button("All on", () => onAll(true)), button("All off", () => onAll(false)), button("Invert", () => onInvert())));
  const measuring = make("div", {class: "vz-control"}, make("span", {class: "vz-control-name"}, "For the class"), make("span", {class: "vz-fi-stepper"}, measure, progress));
  const element = make("div", {class: "vz-toolbar"}, order.element, switches, measuring, ranking);
  return {
    element,
    /** `share` of the measuring done, null while nothing is measured; `known`: whether there is a ranking. */
    show({order: key, share, known, channels}) {
      order.select.value = key;
      order.select.querySelector('[value="importance"]').disabled = !known;
      measure.hidden = share !== null;
      progress.hidden = share === null;
      if (share !== null) meter.value = share;
      ranking.hidden = !known;
      many.max = channels;
    },
  };
}
