// What a comparison gave: the sentence, what was expected, the table, and the way to open its networks.

import {make} from "../../dom.js";
import {openButton, placeSelect, tabOpener} from "../open_in_tab.js";
import {stepTime} from "../tr_says.js";
import {curveOf} from "./transfer_points.js";
import {revealed, seconds, share, times} from "./transfer_words.js";

export class TransferResult {
  /** `keep(way)` asks the server for a way's network: `{training, moment}`. */
  constructor({workspace, keep, say}) {
    Object.assign(this, {keep, openTab: tabOpener({workspace, say})});
    this.sentence = make("p", {class: "vz-tt-sentence", id: "vz-tt-sentence"});
    this.saving = make("p", {class: "vz-muted", id: "vz-tt-saving"});
    this.reveals = make("ul", {class: "vz-tt-reveals"});
    this.panel = placeSelect({id: "vz-tt-panel"});
    this.where = make("label", {class: "vz-tt-where", title: "The network of the first repetition with the most pictures"}, make("span", {}, "Open in, or save as"), this.panel);
    this.head = make("tr");
    this.body = make("tbody");
    this.says = make("div", {class: "vz-tt-says", role: "status", hidden: true}, this.sentence, this.reveals, this.saving);
    this.table = make("div", {class: "vz-tt-table-frame", tabindex: "0", role: "region", "aria-label": "Table of the results", hidden: true},
      make("table", {class: "vz-tt-table", id: "vz-tt-table"}, make("thead", {}, this.head), this.body));
  }

  /** `guesses`: {count: way}. */
  show({ways, counts, outcomes, result, guesses}) {
    this.says.hidden = !result;
    this.table.hidden = outcomes.length === 0;
    if (outcomes.length === 0) return;
    this.drawTable({ways, counts, outcomes, result});
    if (!result) return;
    this.sentence.textContent = result.sentence;
    const titles = Object.fromEntries(ways.map(({name, title}) => [name, title]));
    const ends = [...new Set([counts[0], counts.at(-1)])];
    const told = ends.map((count) => revealed(guesses[count], result.best[count], count, titles)).filter(Boolean);
    this.reveals.replaceChildren(...told.map(({right, text}) => make("li", {class: right ? "vz-tt-right" : "vz-tt-wrong"}, make("span", {"aria-hidden": "true"}, right ? "✓ " : "✗ "), text)));
    const {saving} = result;
    this.saving.textContent = saving
      ? `Cached features: one pass of ${saving.pictures.toLocaleString("en")} pictures through the frozen network took ${ms(saving.network)}, once; an epoch of the last layer on what it gave ${ms(saving.head)}. Running the network again in every epoch would take ${times(saving.factor)} times as long.`
      : "";
  }

  drawTable({ways, counts, outcomes, result}) {
    this.head.replaceChildren(make("th", {scope: "col"}, make("span", {class: "vz-unseen"}, "Way")),
      ...counts.map((count, at) => make("th", {scope: "col", class: "vz-number"}, at ? String(count) : `${count} a class`)),
      make("th", {scope: "col", title: "Processor time of the training with the most pictures, mean over the seeds"}, "Training"),
      make("th", {scope: "col"}, result ? this.where : ""));
    this.body.replaceChildren(...ways.map((way) => {
      const points = curveOf(outcomes, way.name);
      const cells = counts.map((count) => {
        const point = points.find((one) => one.count === count);
        const best = result?.best[count]?.includes(way.name);
        return make("td", {class: `vz-number${best ? " vz-tt-best" : ""}`, "data-count": count}, point ? make("span", {}, share(point.mean)) : "", point?.spread != null ? make("span", {class: "vz-tt-spread"}, `± ${(100 * point.spread).toFixed(1)}`) : null, best ? make("span", {class: "vz-unseen"}, " (best, or not clearly worse)") : null);
      });
      const last = points.find((one) => one.count === counts.at(-1));
      return make("tr", {"data-way": way.name}, make("th", {scope: "row"}, make("span", {class: `vz-tt-key vz-tt-key-${way.name}`, "aria-hidden": "true"}), way.title), ...cells,
        make("td", {class: "vz-number"}, last ? seconds(last.seconds) : ""), make("td", {}, result?.kept.includes(way.name) ? this.opener(way) : null));
    }));
  }

  opener({name, title}) {
    return openButton({"data-way": name, "aria-label": `Open or save ${title}`}, () => this.openTab(this.panel.value, () => this.keep(name)));
  }
}

const ms = (value) => (value < 1 ? stepTime(value) : seconds(value));
