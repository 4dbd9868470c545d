// What is asked with: the page's picture, or any picture of the collection.

import {address} from "../api.js";
import {labelledSelect, make} from "../dom.js";
import {offered} from "./retrieval_words.js";

const OFFERED = 20;

/** `take(record, details)`, `show(query)`; `onChoose(index | null)` hears of a query, null being the page's picture, `onClass(label | null)` of what it counts as. */
export class RetrievalQuery {
  constructor({onChoose, onClass}) {
    Object.assign(this, {onChoose, onClass, seed: 0, record: null, details: null});
    this.picture = make("img", {class: "vz-rt-query-picture", alt: "The picture that is asked with", onload: ({target}) => target.classList.toggle("vz-rt-coarse", target.naturalWidth <= 64)});
    this.title = make("strong", {class: "vz-rt-query-title", "aria-live": "polite"});
    this.label = make("span", {class: "vz-rt-query-label"});
    this.count = labelledSelect("Count as right", {}, {id: "vz-rt-class", onchange: () => onClass(this.count.select.value || null)});
    const card = make("div", {class: "vz-rt-query-card"}, this.picture, make("div", {class: "vz-rt-query-words"}, this.title, this.label, this.count.element));
    this.own = make("button", {type: "button", class: "vz-button", id: "vz-rt-own", onclick: () => onChoose(null)}, "Ask with your picture");
    this.number = make("input", {class: "vz-field vz-rt-number", type: "number", min: "0", step: "1", inputmode: "numeric", id: "vz-rt-number", onchange: () => this.typed()});
    this.others = make("button", {type: "button", class: "vz-button", id: "vz-rt-others", onclick: () => this.offer(this.seed + 1)}, "Offer others");
    this.said = make("p", {class: "vz-muted vz-rt-said", role: "status"});
    this.list = make("div", {class: "vz-rt-offers", role: "group", "aria-label": "Pictures to ask with"});
    const number = make("label", {class: "vz-control"}, make("span", {class: "vz-control-name"}, "Picture no."), this.number);
    const tools = make("div", {class: "vz-rt-query-tools"}, this.own, number, this.others);
    this.element = make("div", {class: "vz-rt-query"}, card, make("div", {class: "vz-rt-choose"}, tools, this.said, this.list));
  }

  typed() {
    const wanted = Number(this.number.value);
    const fits = this.number.value !== "" && Number.isInteger(wanted) && wanted >= 0 && wanted < this.record.count;
    this.said.textContent = fits ? "" : `There is no picture “${this.number.value}”: ${this.record.title} has 0 to ${(this.record.count - 1).toLocaleString("en")}.`;
    if (fits) this.onChoose(wanted);
  }

  /** Another collection; its labels are known. */
  take(record, details) {
    Object.assign(this, {record, details});
    this.number.max = String(record.count - 1);
    this.said.textContent = "";
    const classes = details.labels ? details.classes : [];
    this.count.select.replaceChildren(make("option", {value: ""}, "not told"), ...classes.map((name) => make("option", {value: name}, name)));
    this.offer(0);
  }

  offer(seed) {
    this.seed = seed;
    const {record, details} = this;
    this.list.replaceChildren(...offered(record.count, details.labels, OFFERED, seed).map((index) => {
      const label = details.labels ? details.classes[details.labels[index]] : null;
      const name = `Picture ${index}${label ? `, ${label}` : ""}`;
      return make("button", {type: "button", class: "vz-rt-offer", title: name, "aria-label": `Ask with picture ${index}${label ? `, ${label}` : ""}`, "data-index": index, onclick: () => this.onChoose(index)},
        make("img", {src: address(`collections/${record.name}/${index}`), alt: "", loading: "lazy", decoding: "async", onload: ({target}) => target.classList.toggle("vz-rt-coarse", target.naturalWidth <= 64)}));
    }));
    this.press();
  }

  /** `{index | null, url, label, countedAs}`. */
  show({index, url, label, countedAs}) {
    this.index = index;
    if (this.picture.getAttribute("src") !== url) this.picture.src = url;
    this.title.textContent = index === null ? "Your picture" : `Picture ${index.toLocaleString("en")}`;
    this.label.textContent = label ?? "";
    this.count.element.hidden = index !== null || this.count.select.options.length < 2;
    this.count.select.value = countedAs ?? "";
    this.number.value = index === null ? "" : String(index);
    this.own.setAttribute("aria-pressed", String(index === null));
    this.press();
  }

  press() {
    for (const button of this.list.children) button.setAttribute("aria-pressed", String(button.dataset.index === String(this.index)));
  }
}
