// Keys of the workbench: stepping, playing, predicting, the stage; a presenter's clicker sends Page Up and Page Down.

const STEPS = {ArrowLeft: -1, ArrowRight: 1, Home: "first", End: "last"};
const ROWS = {ArrowUp: -1, ArrowDown: 1};

/** What a key asks for: {move} | {row} | {advance} | {back} | {play} | {predict} | {stage} | {leave} | null. */
export function askedBy(event, {inPlayer, staged}) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return null;
  const {key} = event;
  if (key === "ArrowLeft" || key === "ArrowRight") return {move: STEPS[key]};
  if (!inPlayer && !staged) return null;
  if (key in STEPS) return {move: STEPS[key]};
  if (key in ROWS) return {row: ROWS[key]};
  if (key === " ") return event.repeat ? null : {play: true};
  if (key === "PageDown") return {advance: true};
  if (key === "PageUp") return {move: -1};
  if (key === "Escape") return staged ? {leave: true} : null;
  const letter = key.toLowerCase();
  if (letter === "p") return {predict: true};
  if (letter === "f") return {stage: true};
  return null;
}

/** Whether the element under the keys wants them for itself. */
export function keepsKeys(target, key) {
  if (target.closest?.("input:not([type=range]), select, textarea, dialog, [contenteditable], pre")) return true;
  if (target.closest?.("input[type=range]")) return key !== " " && key !== "PageDown" && key !== "PageUp";
  return (key === " " || key === "Enter") && Boolean(target.closest?.("button, a, summary"));
}
