// Stage mode: everything larger and the page on the full screen, for a projector.

const CLASS = "vz-stage";

/** Whether a key press means the shortcut: a bare `s` while nothing is being typed. */
export function isStageKey(event) {
  if (event.key?.toLowerCase() !== "s" || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return false;
  return !event.defaultPrevented && !event.target?.closest?.("input, textarea, select, dialog, [contenteditable], [role=listbox], [role=textbox]");
}

/** `toggle()` enters or leaves stage mode; `changed(on)` is told. The class works without full screen. */
export function stageMode({changed, signal}) {
  const {body, documentElement: page} = document;
  const isOn = () => body.classList.contains(CLASS);

  function turn(on) {
    body.classList.toggle(CLASS, on);
    changed(on);
  }

  async function toggle() {
    const on = !isOn();
    turn(on);
    try {
      if (on) await page.requestFullscreen?.();
      else if (document.fullscreenElement) await document.exitFullscreen();
    } catch (error) {
      if (error.name !== "TypeError") throw error; // the browser refuses full screen: larger all the same
    }
  }

  document.addEventListener("fullscreenchange", () => !document.fullscreenElement && isOn() && turn(false), {signal});
  document.addEventListener("keydown", (event) => isStageKey(event) && toggle(), {signal});
  return {toggle, isOn};
}
