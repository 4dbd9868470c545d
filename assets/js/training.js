// The training panel: a network set up, trained before one's eyes, explained step by step, compared and taken along.

import {configure} from "./api.js";
import {make} from "./dom.js";
import {createPanelState} from "./panel_state.js";
import {workspace} from "./store.js";
import {ViewSwitch} from "./view_switch.js";
import {leftBehind, noteLeaving} from "./training/left_behind.js";
import {LivePage} from "./training/live_page.js";
import {followTraining} from "./training/own_network.js";
import * as words from "./training/tr_words.js";
import {TrainingDesk} from "./training/training_desk.js";

const VIEWS = {
  live: {title: "Live", note: "Set up a network, train it, watch it learn"},
  step: {title: "One step", note: "Forward, loss, backward, update: one batch in numbers", module: "./training/step/step_view.js", name: "StepView"},
  experiments: {title: "Experiments", note: "Two trainings side by side, one difference", module: "./training/experiments/experiments_view.js", name: "ExperimentsView"},
  transfer: {title: "Transfer", note: "Few pictures: from scratch, or from a network that has learned already", module: "./training/transfer/transfer_view.js", name: "TransferView"},
};

class TrainingPanel {
  constructor(host) {
    this.state = createPanelState(words, {search: workspace.opened});
    this.desk = new TrainingDesk({workspace, state: this.state, say: (sentences) => this.say(sentences)});
    this.notice = make("p", {class: "vz-tn-notice", role: "status"});
    this.say([leftBehind()]);
    this.ending = new AbortController();
    addEventListener("pagehide", ({persisted}) => persisted || noteLeaving(this.desk), {signal: this.ending.signal});
    this.views = this.buildViews();
    this.element = make("section", {class: "vz-tn", "aria-label": "Training"}, this.notice, this.views.element);
    host.replaceChildren(this.element);
    this.release = [
      this.state.subscribe((state, keys) => keys.includes("view") && state.view !== this.views.view && this.views.show(state.view)),
      followTraining({desk: this.desk}),
      workspace.subscribe((now, keys) => (this.element.isConnected ? keys.includes("pipeline") && this.landOnExperiment(now) : this.destroy())),
    ];
    this.landOnExperiment(workspace.get());
    this.views.show(this.state.get().view);
    this.observer = new ResizeObserver(() => this.bringToFront());
    this.observer.observe(this.element);
  }

  buildViews() {
    const {desk, state} = this;
    const parts = {desk, state, workspace, say: (sentences) => this.say(sentences)};
    const opening = ({module, name}) => async (page, onShow) => {
      const View = module ? (await import(module))[name] : LivePage;
      return new View(page, {...parts, onShow});
    };
    const views = Object.fromEntries(Object.entries(VIEWS).map(([name, view]) => [name, {...view, open: opening(view)}]));
    return new ViewSwitch({id: "tr", label: "Views of the training", onChoose: (view) => state.set({view}), views});
  }

  /** Whether the tab is the one on screen: nothing is asked for behind another; what trains goes on. */
  bringToFront() {
    const front = this.element.offsetParent !== null;
    this.desk.active(front);
    this.views.active(front);
  }

  /** A pipeline that was handed over is compared with none. */
  landOnExperiment({pipeline}) {
    if (pipeline) this.state.set({view: "experiments", experiment: "augmentation"});
  }

  say(sentences) {
    this.notice.textContent = sentences.join(" ");
  }

  destroy() {
    this.release.forEach((release) => release());
    this.ending.abort();
    this.observer.disconnect();
    this.desk.destroy();
    return this.views.destroy();
  }
}

/** Put the panel into `element`; it goes when the element leaves the page. */
export function mount(element, context = {}) {
  if (context.root !== undefined) configure({root: context.root});
  return new TrainingPanel(element);
}
