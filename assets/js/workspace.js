// The shared workspace, the page's left column: network, picture, prediction, link.

import {address, configure, postBytes, postLines} from "./api.js";
import {Desk} from "./desk.js";
import {icon, make} from "./dom.js";
import {framingControl} from "./framing.js";
import {ICONS} from "./icons.js";
import {NetworkMenu} from "./network_menu.js";
import {notices} from "./notices.js";
import {onOwnNetworks} from "./own_networks.js";
import {PictureArea} from "./picture_area.js";
import {PictureSources} from "./picture_sources.js";
import {PredictionView} from "./prediction.js";
import {shareButtons} from "./share.js";
import {stageMode} from "./stage.js";
import {workspace} from "./store.js";
import {Uploads} from "./uploads.js";
import * as view from "./view.js";
import {asVisitor, stayWhileOpen} from "./visitor.js";
import {WeightsOffer} from "./weights_offer.js";

const NARROW = "(max-width: 640px)";

const addressOf = (handle) => address(`pictures/${encodeURIComponent(handle)}`);

/** A part that folds to one line on a phone and stays open elsewhere. */
function folding(title, signal, ...content) {
  const details = make("details", {class: "vz-folding"}, make("summary", {}, title, icon(ICONS.chevron)), ...content);
  const narrow = matchMedia(NARROW);
  const adapt = () => (details.open = !narrow.matches);
  narrow.addEventListener("change", adapt, {signal});
  adapt();
  return details;
}

function head({root, board, signal}) {
  const stage = make("button", {class: "vz-button vz-quiet vz-action", type: "button", "data-action": "stage", "aria-pressed": "false",
    "aria-label": "Stage mode for a projector", title: "Stage mode for a projector (key S)"}, icon(ICONS.stage));
  const mode = stageMode({changed: (on) => stage.setAttribute("aria-pressed", String(on)), signal});
  stage.addEventListener("click", () => mode.toggle(), {signal});
  const share = shareButtons({store: workspace, parent: root, say: (text) => board.show(text, {brief: true})});
  return make("div", {class: "vz-workspace-head"},
    make("span", {class: "vz-caption", id: "vz-network-caption"}, "Network"),
    make("div", {class: "vz-actions", role: "toolbar", "aria-label": "Share and present"}, ...share, stage));
}

/** The server's routes that send something. */
const SENDING = {
  post: (file, signal) => asVisitor(() => postBytes("pictures", file, {signal})),
  fetchWeights: (net, onLine, signal) => asVisitor(() => postLines("download", {net}, onLine, {signal})),
};

/** Choose a network; it opens at the depth of the layer that was open in the last one. */
function chooseNetwork(context, name) {
  const {state} = context;
  context.depth = view.depthOf(state) ?? context.depth;
  workspace.set(view.chosenNetwork(state, name, context.catalogue, {drawing: context.drawing}));
}

/** Build the column's parts inside `root`; returns what starts them. */
function build(root, {context, signal}) {
  const spoken = make("p", {class: "vz-unseen", "aria-live": "polite", id: "vz-spoken"});
  const announce = (text) => (spoken.textContent = text);
  const useWeights = (weights) => workspace.set(view.changedView(workspace.get(), {weights}));
  const board = notices({signal});
  const desk = new Desk({store: workspace, context, board, announce, signal});
  const shared = {store: workspace, context, addressOf, signal};
  const {post, fetchWeights} = SENDING;
  const changed = (status) => {
    picture.drawSending(status.busy);
    sources.drawStatus(status);
  };
  const uploading = new Uploads({...shared, post, changed});
  const picture = new PictureArea({...shared, uploading});
  const openPad = () => {
    picture.togglePad();
    if (matchMedia(NARROW).matches) folded.open = false; // pad and prediction share a phone's screen
  };
  const sources = new PictureSources({...shared, uploading, openPad, page: root});
  const framing = framingControl(shared);
  const prediction = new PredictionView({...shared, retry: () => desk.retry()});
  const menu = new NetworkMenu({...shared, choose: (name) => chooseNetwork(context, name)});
  const offer = new WeightsOffer({...shared, fetchWeights, useWeights, announce, ready: (net) => desk.weightsReady(net)});
  const folded = folding("Change the picture", signal, framing.element, sources.element);
  root.replaceChildren(
    head({root, board, signal}), menu.element, offer.element, board.element, picture.element,
    folded, prediction.element, spoken,
  );
  context.redraw = redrawing({context, uploading, picture, prediction, others: [menu, offer, framing, sources]});
  return desk;
}

/** What follows a change of the workspace: everything, or only the box on the picture. */
function redrawing({context, uploading, picture, prediction, others}) {
  return (state = workspace.get(), keys = null) => {
    const {missing} = context;
    if (context.catalogue) picture.draw(state, keys);
    if (keys?.every((key) => key === "hover" || key === "selectedReceptive")) return;
    prediction.draw(state, {missing});
    if (!context.catalogue) return;
    for (const part of others) part.draw(state, {missing});
    if (keys?.includes("picture") && !view.isUpload(state.picture)) uploading.clear();
  };
}

/** Mount the workspace in `element`; it ends itself when the page drops the element. */
export function mount(element, {root = ""} = {}) {
  configure({root});
  const ending = new AbortController();
  const {signal} = ending;
  const context = {
    catalogue: null,
    missing: false, // the network's weights are not on the server's machine
    drawing: null, // handle of the last drawing
    depth: null, // of the layer that the next network opens at, 0 to 1
    get state() {
      return workspace.get();
    },
    redraw: () => {},
  };
  element.classList.add("vz", "vz-workspace");
  const desk = build(element, {context, signal});
  const unsubscribe = workspace.subscribe((state, keys) => {
    if (element.isConnected) context.redraw(state, keys);
    else ending.abort();
  });
  signal.addEventListener("abort", unsubscribe);
  signal.addEventListener("abort", onOwnNetworks(() => context.redraw()));
  stayWhileOpen({signal});
  desk.begin();
  return {destroy: () => ending.abort()};
}
