// The augmentation panel: a pipeline of transforms, what it draws, and what the network says to the draws.

import {configure} from "./api.js";
import {make} from "./dom.js";
import {retryMessage} from "./retry_message.js";
import {workspace} from "./store.js";
import {ViewSwitch} from "./view_switch.js";
import * as words from "./augmentation/au_words.js";
import {createPanelState} from "./panel_state.js";
import {AugmentDesk} from "./augmentation/augment_desk.js";
import {CurveView} from "./augmentation/curve_view.js";
import {DrawGrid} from "./augmentation/draw_grid.js";
import {InsideView} from "./augmentation/inside_view.js";
import {LargeDraw} from "./augmentation/large_draw.js";
import {marksOf} from "./augmentation/marks.js";
import {PartnerView} from "./augmentation/partner_view.js";
import {PipelineView} from "./augmentation/pipeline_view.js";
import {PredictionsView} from "./augmentation/predictions_view.js";
import {RecipeBar} from "./augmentation/recipe_bar.js";
import {ShiftView} from "./augmentation/shift_view.js";
import {PythonView, adoptedBar, takeAway} from "./augmentation/take_away.js";

class AugmentationPanel {
  constructor(host, context) {
    this.context = context;
    this.state = createPanelState(words, {search: workspace.opened});
    this.desk = new AugmentDesk({workspace, state: this.state, say: (sentences) => this.say(sentences)});
    this.build(host);
    this.release = [
      this.desk.onChange((keys) => this.changed(keys)),
      this.state.subscribe((_, keys) => this.stateChanged(keys)),
      workspace.subscribe((_, keys) => this.follow(keys)),
    ];
    this.views.show(this.state.get().view);
    this.observer = new ResizeObserver(() => this.bringToFront());
    this.observer.observe(this.element);
  }

  build(host) {
    const {desk, state} = this;
    this.notice = make("p", {class: "vz-au-notice vz-muted", role: "status"});
    this.message = retryMessage("au", {onRetry: () => desk.retry()});
    this.recipes = new RecipeBar({desk, state});
    this.pipeline = new PipelineView({onChange: (steps) => desk.setSteps(steps)});
    this.away = takeAway({desk, state, workspace, say: (sentence) => this.say([sentence])});
    this.bar = adoptedBar({desk, workspace});
    this.grid = new DrawGrid({onChoose: (draw) => state.set({draw})});
    this.partners = new PartnerView({desk, state, workspace, say: (sentences) => this.say(sentences)});
    this.large = new LargeDraw({addressOf: (question, number) => desk.drawAddress(question, number), actions: [this.away.adopt],
      toggle: () => state.set({objects: !state.get().objects}), titleOf: (handle) => desk.titleOf(handle)});
    this.cautions = make("ul", {class: "vz-au-cautions", id: "vz-au-cautions", "aria-live": "polite"});
    const preview = make("section", {class: "vz-au-preview", "aria-label": "Draws"}, this.large.wipe.element, this.grid.element, this.cautions, this.large.told);
    this.views = this.buildViews();
    this.element = make("section", {class: "vz-au", "aria-label": "Augmentation"}, this.recipes.element, this.notice, this.bar.element, this.message.element,
      make("div", {class: "vz-au-main"}, make("div", {class: "vz-au-left"}, this.pipeline.element, this.partners.element, this.away.train, this.away.zip), preview, this.views.element));
    host.replaceChildren(this.element);
  }

  buildViews() {
    const {desk, state} = this;
    const parts = {desk, state, workspace, verdicts: (answers) => this.grid.verdicts(answers), choose: (draw) => state.set({draw})};
    const opening = (View) => async (page, onShow) => new View(page, {...parts, onShow});
    return new ViewSwitch({
      id: "au",
      label: "What the network says",
      onChoose: (view) => state.set({view}),
      views: {
        predictions: {title: "Predictions", note: "What the network says to each draw", open: opening(PredictionsView)},
        curve: {title: "Response curve", note: "The probability along one parameter, for several networks", open: opening(CurveView)},
        inside: {title: "Inside", note: "Heat and a feature map, of the untouched picture and of the draw", open: opening(InsideView)},
        shift: {title: "Shift", note: "Whether the maps follow when the picture moves", open: opening(ShiftView)},
        python: {title: "Python", note: "The lines that build the same pipeline", open: opening(PythonView)},
      },
    });
  }

  follow(keys) {
    if (!this.element.isConnected) this.destroy();
    else if (keys.includes("picture")) this.bar.draw();
  }

  /** Whether the tab is the one on screen: behind another it has no size. */
  bringToFront() {
    const front = this.element.offsetParent !== null;
    this.desk.active(front);
    this.views.active(front);
  }

  changed(keys) {
    const {desk} = this;
    if (keys.includes("menu")) this.pipeline.setMenu(desk.menu);
    if (keys.includes("steps")) this.pipeline.show(desk.steps);
    if (keys.includes("sheet")) this.drawSheet();
    if (keys.includes("settled")) this.drawLarge(true);
    if (keys.includes("failed")) this.message.show(desk.error);
    this.element.classList.toggle("vz-au-stale", Boolean(desk.error));
  }

  stateChanged(keys) {
    if (keys.includes("draw")) {
      this.grid.choose(this.state.get().draw);
      this.drawLarge(true);
    }
    if (keys.includes("objects") && this.desk.sheet) {
      this.markTiles();
      this.large.mark(this.desk.sheet, this.state.get().draw, this.state.get().objects);
    }
    if (keys.some((key) => ["pipeline", "partner"].includes(key))) this.notice.textContent = "";
  }

  drawSheet() {
    this.message.show(null);
    this.grid.show(this.desk.sheet);
    this.markTiles();
    this.grid.choose(this.state.get().draw);
    this.cautions.replaceChildren(...(this.desk.sheet.notes ?? []).map((sentence) => make("li", {}, sentence)));
    this.drawLarge(false);
  }

  markTiles() {
    const {sheet} = this.desk;
    this.grid.mark(this.state.get().objects ? sheet.draws.map((_, number) => marksOf(sheet, number, {coarse: true})) : null);
  }

  drawLarge(settled) {
    const {sheet, question, drawn: steps} = this.desk;
    const {draw, objects: marks} = this.state.get();
    if (sheet) this.large.show(sheet, draw, question, {settled, steps, marks});
  }

  say(sentences) {
    this.notice.textContent = sentences.join(" ");
  }

  destroy() {
    this.release.forEach((release) => release());
    this.observer.disconnect();
    this.desk.destroy();
    this.recipes.destroy();
    this.partners.destroy();
    return this.views.destroy();
  }
}

/** Put the panel into `element`; it goes when the element leaves the page. */
export function mount(element, context = {}) {
  if (context.root !== undefined) configure({root: context.root});
  return new AugmentationPanel(element, context);
}
