// What an experiment gave: the sentence, what was expected, a row for each network, and the way to open them.

import {getJSON} from "../../api.js";
import {icon, make} from "../../dom.js";
import {ICONS} from "../../icons.js";
import {onOwnNetworks, ownName, ownNetwork, refreshOwnNetworks} from "../../own_networks.js";
import {chosenNetwork} from "../../view.js";
import {count, percent} from "../tr_says.js";
import {revealed, withSpread} from "./experiment_words.js";

const PANELS = {"feature-maps": "Feature maps", filters: "Filters", heatmaps: "Heatmaps", embeddings: "Embeddings"};
const PATIENCE_MS = 5000;

/** Wait until the page's menu has the network. */
function listed(name) {
  refreshOwnNetworks();
  if (ownNetwork(name)) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const end = (tell, error) => {
      clearTimeout(timer);
      stop();
      tell(error);
    };
    const timer = setTimeout(() => end(reject, new Error("The page’s list of networks does not have it yet. Try again in a moment.")), PATIENCE_MS);
    const stop = onOwnNetworks(() => ownNetwork(name) && end(resolve));
  });
}

export class ExperimentResult {
  /** `keep(arm)` asks the server for an arm's network: `{training, moment}`. */
  constructor({workspace, keep, say}) {
    Object.assign(this, {workspace, keep, say, catalogue: null});
    this.sentence = make("p", {class: "vz-te-sentence", id: "vz-te-sentence"});
    this.expected = make("p", {class: "vz-te-expected", id: "vz-te-expected"});
    this.explanation = make("p", {class: "vz-muted"});
    this.body = make("tbody");
    this.caption = make("caption", {class: "vz-muted"});
    this.table = make("table", {class: "vz-te-table", id: "vz-te-table"}, this.caption,
      make("thead", {}, make("tr", {}, ...["", "test pictures", "pictures learned from", "open the network in"].map((text) => make("th", {scope: "col"}, text)))), this.body);
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
    const select = make("select", {class: "vz-field", "aria-label": `Open ${title} in`}, ...Object.entries(PANELS).map(([value, text]) => make("option", {value}, text)));
    const open = make("button", {type: "button", class: "vz-button", "data-arm": place, onclick: () => this.open(place, select.value, open)}, icon(ICONS.chevron), "Open");
    open.firstChild.classList.add("vz-te-forward");
    return make("tr", {},
      make("th", {scope: "row"}, make("span", {class: "vz-te-arm"}, key, make("span", {}, title)), why ? make("span", {class: "vz-te-why"}, why) : null),
      make("td", {class: "vz-number", "data-column": "test pictures"}, make("strong", {}, withSpread(mean, spread))),
      make("td", {class: "vz-number", "data-column": "learned from"}, percent(trained)),
      make("td", {"data-column": ""}, opens ? make("span", {class: "vz-te-open"}, select, open) : make("span", {class: "vz-muted"}, "shuffled pixels: no other tab")));
  }

  /** Put an arm's network among the page's own, and look at it in another tab. */
  async open(arm, panel, button) {
    button.disabled = true;
    try {
      this.catalogue ??= await getJSON("catalogue");
      const {training, moment} = await this.keep(arm);
      const name = ownName(training, moment);
      await listed(name);
      this.workspace.set({...chosenNetwork(this.workspace.get(), name, this.catalogue), panel});
    } catch (error) {
      this.say([error.message]);
    } finally {
      button.disabled = false;
    }
  }
}
