// The shared workspace, the page's left column: network, picture, prediction, link.

import {address, configure, getJSON, postBytes, postLines} from "./api.js";
import {icon, make} from "./dom.js";
import {drawingPad} from "./drawing_pad.js";
import {framingControl} from "./framing.js";
import {ICONS} from "./icons.js";
import {networkMenu} from "./network_menu.js";
import {notices} from "./notices.js";
import {pictureSources} from "./picture_sources.js";
import {pictureView} from "./picture_view.js";
import {predictionView, spokenPrediction} from "./prediction.js";
import {followView} from "./runs.js";
import {shareButtons} from "./share.js";
import {stageMode} from "./stage.js";
import {viewParameters, workspace} from "./store.js";
import {uploads} from "./uploads.js";
import * as view from "./view.js";
import {weightsOffer} from "./weights_offer.js";

const NARROW = "(max-width: 640px)";
const asked = globalThis.location?.search ?? ""; // before anything writes the address
const GONE = [404, 410];

const addressOf = (handle) => address(`pictures/${encodeURIComponent(handle)}`);

/** The server says whose uploads these are soon after the page has come; resolves when it has. */
function welcomed({props, watch}) {
  return new Promise((resolve) => {
    function take() {
      const visitor = props?.value?.visitor;
      if (!visitor) return;
      configure({visitor});
      workspace.set({visitor});
      resolve();
    }
    watch?.("value", take);
    take();
  });
}

/** What runs and downloads do to the workspace; `board` shows sentences. */
function conduct({context, board, spoken, signal}) {
  const runs = followView({
    store: workspace,
    signal,
    fetchRun: (state, abort) => getJSON("run", viewParameters(state), {signal: abort}),
    arrived(run, state) {
      context.missing = false;
      const {patch, sentences} = view.repairedPlace(state, run, context.catalogue, context.depth);
      context.depth = null;
      sentences.forEach((sentence) => board.show(sentence));
      spoken.textContent = spokenPrediction(run);
      return patch;
    },
    failed(error, state) {
      context.missing = error.status === 409 && Boolean(error.body?.weights_missing);
      if (!view.isUpload(state.picture) || !GONE.includes(error.status)) return null;
      const picture = view.firstPicture(context.catalogue, view.modelOf(context.catalogue, state.net));
      const title = view.sampleOf(context.catalogue, picture)?.title ?? "a sample";
      board.show(`Your picture is no longer on the server; ${title} is shown instead. Upload it again to go on.`);
      return view.changedView(state, {picture});
    },
  });

  async function loadCatalogue() {
    context.catalogue = await getJSON("catalogue", {}, {signal});
  }

  async function begin() {
    workspace.set({busy: true, error: null});
    try {
      await loadCatalogue();
    } catch (error) {
      if (error.name !== "AbortError") workspace.set({busy: false, error: error.message});
      return;
    }
    const {patch, sentences} = view.repairedView(workspace.get(), context.catalogue);
    [...view.unreadable(asked), ...sentences].forEach((sentence) => board.show(sentence));
    workspace.set(patch);
    runs.refresh(); // also where the patch changes nothing
    context.redraw();
  }

  return {
    begin,
    retry: () => (context.catalogue ? runs.refresh() : begin()),
    async weightsReady(net) {
      await loadCatalogue();
      context.redraw();
      if (workspace.get().net !== net) return;
      if (workspace.get().weights) workspace.set(view.changedView(workspace.get(), {weights: null}));
      else runs.refresh();
    },
  };
}

/** The picture, with the drawing pad in its place while it is open. */
function pictureArea({context, uploading, signal}) {
  const picture = pictureView({context, addressOf, signal});
  const drop = make("div", {class: "vz-drop", "aria-hidden": "true"}, icon(ICONS.upload), "Drop the picture");
  const element = make("section", {class: "vz-picture-area", "aria-label": "Picture"});
  const sending = make("div", {class: "vz-sending", hidden: true}, "Sending the picture …");
  let open = false;
  const pad = drawingPad({
    isBusy: () => workspace.get().busy,
    send: async (file) => (context.drawing = (await uploading.send(file)) ?? context.drawing),
    close: () => show(false),
    signal,
  });
  picture.stage.append(sending, drop);
  element.append(pad.element, picture.element);
  function show(yes) {
    open = yes;
    element.classList.toggle("vz-drawing", yes);
    pad.show(yes, {fresh: yes && workspace.get().picture !== context.drawing});
  }
  return {
    element,
    toggle: () => show(!open),
    drawSending: (busy) => (sending.hidden = !busy),
    draw(state, keys) {
      const drawable = view.modelOf(context.catalogue, state.net)?.input[0] === 1;
      const elsewhere = keys?.includes("picture") && !view.isUpload(state.picture);
      if (open && (!drawable || elsewhere)) show(false);
      picture.draw(state, keys);
    },
  };
}

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

/** Build the column's parts inside `root`; returns what starts them. */
function build(root, {context, signal}) {
  const spoken = make("p", {class: "vz-unseen", "aria-live": "polite", id: "vz-spoken"});
  const board = notices({signal});
  const desk = conduct({context, board, spoken, signal});
  const uploading = uploads({store: workspace, context, signal,
    changed: (status) => {
      picture.drawSending(status.busy);
      sources.drawStatus();
    },
    post: async (file, abort) => {
      await context.welcome;
      return postBytes("pictures", file, {signal: abort});
    }});
  const picture = pictureArea({context, uploading, signal});
  const sources = pictureSources({store: workspace, context, uploading, addressOf, draw: picture.toggle, page: root, signal});
  const framing = framingControl({store: workspace});
  const prediction = predictionView({store: workspace, retry: desk.retry, signal});
  function choose(name) {
    const state = workspace.get();
    context.depth = view.depthOf(state) ?? context.depth; // the next network opens at the same depth
    workspace.set(view.chosenNetwork(state, name, context.catalogue, {drawing: context.drawing}));
  }
  const menu = networkMenu({context, choose, signal});
  const offer = weightsOffer({context, signal, ready: desk.weightsReady,
    fetchWeights: async (net, onLine, abort) => {
      await context.welcome;
      return postLines("download", {net}, onLine, {signal: abort});
    },
    announce: (text) => (spoken.textContent = text),
    useWeights: (weights) => workspace.set(view.changedView(workspace.get(), {weights}))});
  root.replaceChildren(
    head({root, board, signal}), menu.element, offer.element, board.element, picture.element,
    folding("Change the picture", signal, framing.element, sources.element), prediction.element, spoken,
  );
  context.redraw = (state = workspace.get(), keys = null) => {
    if (!context.catalogue) return prediction.draw(state);
    picture.draw(state, keys);
    if (keys?.every((key) => key === "hover" || key === "selectedReceptive")) return undefined;
    for (const part of [menu, offer, framing, sources, prediction]) part.draw(state, {missing: context.missing});
    if (keys?.includes("picture") && !view.isUpload(state.picture)) uploading.clear();
    return undefined;
  };
  return desk;
}

/** Mount the workspace in `element`; it ends itself when the page drops the element. */
export function mount(element, {props, watch, root = ""} = {}) {
  configure({root});
  const ending = new AbortController();
  const {signal} = ending;
  const context = {
    catalogue: null,
    welcome: welcomed({props, watch}),
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
  desk.begin();
  return {destroy: () => ending.abort()};
}
