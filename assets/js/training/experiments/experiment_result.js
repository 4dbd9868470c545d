// What an experiment gave: the sentence, what was expected, a row for each network, and the way to open them.

import {make} from "../../dom.js";
import {openButton, placeSelect, tabOpener} from "../open_in_tab.js";
import {count, percent} from "../tr_says.js";
import {revealed, withSpread} from "./experiment_words.js";

const PANELS = ["feature-maps", "filters", "heatmaps", "embeddings"];

export class ExperimentResult {
  /** `keep(arm)` asks the server for an arm's network: `{training, moment}`. */
  constructor({workspace, keep, say}) {
    Object.assign(this, {keep, openTab: tabOpener({workspace, say: (sentence) => say([sentence])})});
    this.sentence = make("p", {class: "vz-te-sentence", id: "vz-te-sentence"});
    this.expected = make("p", {class: "vz-te-expected", id: "vz-te-expected"});
    this.explanation = make("p", {class: "vz-muted"});
    this.body = make("tbody");
    this.caption = make("caption", {class: "vz-muted"});
    this.table = make("table", {class: "vz-te-table", id: "vz-te-table"}, this.caption,
      make("thead", {}, make("tr", {}, ...["", "test pictures", "pictures learned from", "open the network in, or save it as"].map((text) => make("th", {scope: "col"}, text)))), this.body);
    this.told = make("div", {class: "vz-te-told", "aria-live": "polite"}, this.expected, this.sentence); // above the curves, the rest below them
    this.element = make("section", {class: "vz-te-result", "aria-label": "What came out", hidden: true}, make("div", {class: "vz-te-scroll"}, this.table), this.explanation);
  }

  show(experiment, guess, result) {
    this.element.hidden = !result;
    this.told.classList.toggle("vz-te-out", Boolean(result));
    if (!result) {
      this.expected.textContent = this.sentence.textContent = "";
      return;
    }
    this.expected.textContent = revealed(experiment, guess, result.guess);
    this.sentence.textContent = result.sentence;
    this.explanation.textContent = `${experiment.explanation} ${experiment.source}.`;
    const seeds = result.seeds.length === 1 ? `seed ${result.seeds[0]}` : `mean and standard deviation of ${result.seeds.length} seeds, ${result.seeds.join(", ")}`;
    this.caption.textContent = `${result.data}, right answers; ${count(result.tested)} test pictures; ${seeds}`;
    this.body.replaceChildren(...result.arms.map((arm, place) => this.row(arm, place)));
  }

  row({title, mean, spread, trained, why, opens}, place) {
    const key = make("span", {class: `vz-te-key vz-te-key-${place % 4}`, "aria-hidden": "true"});
    const select = placeSelect({"aria-label": `Open ${title} in, or save it as`}, PANELS);
    const open = openButton({"data-arm": place}, () => this.openTab(select.value, () => this.keep(place)));
    return make("tr", {},
      make("th", {scope: "row"}, make("span", {class: "vz-te-arm"}, key, make("span", {}, title)), why ? make("span", {class: "vz-te-why"}, why) : null),
      make("td", {class: "vz-number", "data-column": "test pictures"}, make("strong", {}, withSpread(mean, spread))),
      make("td", {class: "vz-number", "data-column": "learned from"}, percent(trained)),
      make("td", {"data-column": ""}, opens ? make("span", {class: "vz-te-open"}, select, open) : make("span", {class: "vz-muted"}, "shuffled pixels: no other tab")));
  }
}
