// The live view: setup at the left; transport, curves, and what moves while the network learns at the right.

import {make} from "../dom.js";
import {retryMessage} from "../retry_message.js";
import {CurvesView} from "./curves_view.js";
import {IntroView} from "./intro_view.js";
import {KeepBar} from "./keep_bar.js";
import {SetupView} from "./setup_view.js";
import {Transport} from "./transport.js";

export class LivePage {
  constructor(page, {desk, state, workspace, say, onShow}) {
    Object.assign(this, {desk});
    this.setup = new SetupView({desk, state, workspace, say});
    this.transport = new Transport({desk});
    this.message = retryMessage("tn", {onRetry: () => this.retry()});
    this.curves = new CurvesView({desk});
    this.keep = new KeepBar({desk, workspace, say});
    this.intro = new IntroView({desk});
    this.live = make("div", {class: "vz-tn-live"});
    this.results = make("div", {class: "vz-tn-results", hidden: true}, this.curves.element, this.live, this.keep.element);
    this.element = make("div", {class: "vz-tn-page"}, make("div", {class: "vz-tn-top"}, this.transport.element, this.message.element), this.setup.element, make("div", {class: "vz-tn-body"}, this.intro.element, this.results));
    page.replaceChildren(this.element);
    this.release = desk.onChange((keys) => this.changed(keys));
    this.views = this.mountLive({desk, state, workspace, onShow});
    this.changed(["status", "error", "opened"]);
  }

  /** What moves: filters, maps, confusion, the map of pictures, the scrubber; a module of its own. */
  async mountLive(parts) {
    try {
      const {LiveViews} = await import("./live/live_views.js");
      return new LiveViews(this.live, parts);
    } catch (error) {
      console.error(error);
      this.live.replaceChildren(make("p", {class: "vz-message", role: "alert"}, "The pictures of the training could not be opened; curves and numbers work. Reload the page to try again."));
      return null;
    }
  }

  changed(keys) {
    const {desk} = this;
    if (keys.includes("opened") || keys.includes("status")) {
      this.intro.element.hidden = Boolean(desk.handle);
      this.results.hidden = !desk.handle;
    }
    if (keys.includes("error") || keys.includes("status")) this.message.show(desk.error);
    this.element.classList.toggle("vz-tn-running", desk.status === "running");
  }

  retry() {
    if (this.desk.menu) this.desk.start();
    else this.desk.load();
  }

  async destroy() {
    for (const part of [this.setup, this.transport, this.curves, this.keep, this.intro]) part.destroy();
    this.release();
    (await this.views)?.destroy?.();
  }
}
