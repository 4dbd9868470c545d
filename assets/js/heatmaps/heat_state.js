// What the heatmaps panel keeps for itself; the chosen cell goes when method or layer change.

import {createPanelState} from "../panel_state.js";
import * as words from "./heat_words.js";

const REPLACED = ["method", "layer"];

function settled(state, patch, keys) {
  return "cell" in patch || !keys.some((key) => REPLACED.includes(key)) ? state : {...state, cell: null};
}

export function createHeatState(search = "", page = globalThis) {
  return createPanelState(words, {search, page, settled});
}
