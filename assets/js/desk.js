// The clerk of the workspace: fetches the menus, follows the view with runs, repairs what links ask for.

import {getJSON} from "./api.js";
import {isOwnNetwork, ownNetwork, refreshOwnNetworks} from "./own_networks.js";
import {spokenPrediction} from "./prediction.js";
import {followView} from "./runs.js";
import {viewParameters} from "./store.js";
import * as view from "./view.js";

const GONE = [404, 410];
const WEIGHTS_MISSING = "This network’s weights are not on this machine. Choose at the left: download them, or untrained ones.";

/** An answer's fault in words for the page; where a download would not help, the server's own. */
export function faultSentence(error, model) {
  return error.body?.weights_missing && model?.download && !model.ready ? WEIGHTS_MISSING : error.message;
}

/** `context` gets .catalogue, .missing and .depth; `board.show` and `announce` take sentences. */
export class Desk {
  constructor({store, context, board, announce, signal}) {
    Object.assign(this, {store, context, board, announce, signal});
    this.runs = followView({
      store,
      signal,
      fetchRun: (state, abort) => getJSON("run", viewParameters(state), {signal: abort}),
      arrived: (run, state) => this.arrived(run, state),
      failed: (error, state) => this.failed(error, state),
    });
  }

  async begin() {
    this.store.set({busy: true, error: null});
    try {
      await this.loadCatalogue();
    } catch (error) {
      if (error.name !== "AbortError") this.store.set({busy: false, error: error.message});
      return;
    }
    const {patch, sentences} = view.repairedView(this.store.get(), this.context.catalogue);
    this.say([...view.unreadable(this.store.opened), ...sentences]);
    if (Object.keys(patch).length > 0) this.store.set(patch);
    else this.runs.refresh();
    this.context.redraw();
  }

  async loadCatalogue() {
    this.context.catalogue = await getJSON("catalogue", {}, {signal: this.signal});
  }

  say(sentences) {
    sentences.forEach((sentence) => this.board.show(sentence));
  }

  retry() {
    if (this.context.catalogue) this.runs.refresh();
    else this.begin();
  }

  /** A panel that the link asks for in vain, said once, when the page's tabs are there. */
  checkPanel() {
    const panels = [...document.querySelectorAll('#panels [role="tab"]')].map((tab) => tab.dataset.tabId);
    if (this.panelChecked || panels.length === 0) return;
    this.panelChecked = true;
    this.say(view.unknownPanel(this.store.opened, panels));
  }

  arrived(run, state) {
    const {context} = this;
    this.checkPanel();
    context.missing = false;
    const {patch, sentences} = view.repairedPlace(state, run, context.catalogue, context.depth);
    context.depth = null;
    this.say(sentences);
    this.announce(spokenPrediction(run));
    return patch;
  }

  /** Note missing weights and say so; where an upload is gone, go back to a sample. */
  failed(error, state) {
    const {context} = this;
    this.checkPanel();
    if (isOwnNetwork(state.net) && error.body?.network_gone) return this.networkGone(state);
    context.missing = error.status === 409 && Boolean(error.body?.weights_missing);
    if (context.missing) return {error: faultSentence(error, view.modelOf(context.catalogue, state.net))};
    if (!view.isUpload(state.picture) || !GONE.includes(error.status)) return null;
    const picture = view.firstPicture(context.catalogue, view.modelOf(context.catalogue, state.net));
    const title = view.sampleOf(context.catalogue, picture)?.title ?? "a sample";
    this.say([`Your picture is no longer on the server; the sample “${title}” is shown instead. Upload it again to go on.`]);
    return view.changedView(state, {picture});
  }

  /** What the page trained is kept no longer: go on with the usual network, and say so. */
  networkGone(state) {
    const {catalogue, drawing} = this.context;
    const {patch, sentence} = view.withoutOwnNetwork(state, ownNetwork(state.net)?.title, catalogue, {drawing});
    refreshOwnNetworks();
    this.say([sentence]);
    return patch;
  }

  /** A download has ended well: use it. */
  async weightsReady(net) {
    await this.loadCatalogue();
    this.context.redraw();
    const state = this.store.get();
    if (state.net !== net) return;
    if (state.weights) this.store.set(view.changedView(state, {weights: null}));
    else this.runs.refresh();
  }
}
