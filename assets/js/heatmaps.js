// The heatmaps panel: where the network looks, by one method or all of them, and how far to trust it.

import {configure} from "./api.js";
import {make} from "./dom.js";
import {workspace} from "./store.js";
import {ViewSwitch} from "./view_switch.js";
import {AllView} from "./heatmaps/all_view.js";
import {createHeatState} from "./heatmaps/heat_state.js";
import {HeatDesk} from "./heatmaps/heat_desk.js";
import {OneView} from "./heatmaps/one_view.js";
import {QuestionBar} from "./heatmaps/question_bar.js";
import {RowView} from "./heatmaps/row_view.js";

class HeatmapsPanel {
  constructor(host, context) {
    this.context = context;
    this.state = createHeatState(workspace.opened);
    this.desk = new HeatDesk({workspace, state: this.state, say: (sentences) => this.say(sentences)});
    this.build(host);
    this.release = [
      this.desk.onChange((keys) => this.changed(keys)),
      workspace.subscribe(() => !this.views.element.isConnected && this.destroy()),
    ];
    this.show(this.state.get().view);
    this.observer = new ResizeObserver(() => this.bringToFront());
    this.observer.observe(this.views.element);
  }

  build(host) {
    const chooseLayer = (layer) => this.chooseLayer(layer);
    this.question = new QuestionBar({desk: this.desk, workspace, state: this.state, choose: chooseLayer});
    this.notice = make("p", {class: "vz-he-notice vz-muted", role: "status"});
    const parts = {desk: this.desk, state: this.state, workspace, chooseLayer, openMethod: (method) => this.openMethod(method)};
    const opening = (View) => async (page, onShow) => new View(page, {...parts, onShow});
    this.views = new ViewSwitch({
      id: "he",
      label: "Heatmaps",
      onChoose: (view) => this.state.set({view}),
      views: {
        one: {title: "One method", note: "One heatmap, large, and how it is computed", open: opening(OneView)},
        all: {title: "All methods", note: "Every method on the same picture, class and layer", open: opening(AllView)},
        row: {title: "Row of pictures", note: "One method on many pictures", open: opening(RowView)},
        trust: {title: "How far to trust it", note: "Measurements instead of taste: does the heat matter to the network?", open: (page) => this.openTrust(page)},
      },
    });
    this.views.element.classList.add("vz-he");
    this.views.element.firstElementChild.after(this.question.element, this.notice);
    host.replaceChildren(this.views.element);
  }

  async openTrust(page) {
    const {mountTrust} = await import("./heatmaps/trust_view.js");
    const current = () => {
      if (!this.desk.ready) return null;
      const {method, layer, target, against = null} = this.desk.parameters();
      return {method, layer: layer ?? this.desk.layer, target, against};
    };
    return mountTrust(page, {workspace, current, onChange: (listener) => this.desk.onChange(listener)});
  }

  show(view) {
    this.question.show({view});
    return this.views.show(view);
  }

  /** Whether the tab is the one on screen: behind another it has no size. */
  bringToFront() {
    const front = this.views.element.offsetParent !== null;
    this.desk.active(front);
    this.views.active(front);
  }

  changed(keys) {
    if (keys.includes("view")) this.show(this.state.get().view);
    else this.question.show(this.state.get());
    if (keys.includes("question") && !keys.includes("menu")) this.notice.textContent = "";
  }

  /** A layer chosen here is the workspace's, too; the usual one needs no word in the link. */
  chooseLayer(layer) {
    this.state.set({layer: layer === this.desk.menu.default.layer ? null : layer});
    workspace.set({layer, cell: null, hover: null});
  }

  openMethod(method) {
    this.state.set({method, view: "one"});
  }

  say(sentences) {
    this.notice.textContent = sentences.join(" ");
  }

  destroy() {
    this.release.forEach((release) => release());
    this.observer.disconnect();
    this.question.destroy();
    this.desk.destroy();
    return this.views.destroy();
  }
}

/** Put the panel into `element`; it goes when the element leaves the page. */
export function mount(element, context = {}) {
  if (context.root !== undefined) configure({root: context.root});
  return new HeatmapsPanel(element, context);
}
