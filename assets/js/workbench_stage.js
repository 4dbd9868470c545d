// The workbench alone on the whole screen.

const CLASS = "vz-wb-staged";

/** `toggle()` enters or leaves; `changed(on)` is told. A browser that refuses full screen shows it over the page. */
export function workbenchStage({element, changed, signal}) {
  const isOn = () => element.classList.contains(CLASS);

  function turn(on) {
    if (on === isOn()) return;
    element.classList.toggle(CLASS, on);
    document.documentElement.classList.toggle("vz-wb-stage-open", on); // the page behind does not scroll
    changed(on);
  }

  async function toggle() {
    const on = !isOn();
    turn(on);
    try {
      if (on) await element.requestFullscreen?.();
      else if (document.fullscreenElement === element) await document.exitFullscreen();
    } catch (error) {
      if (error.name !== "TypeError") throw error; // refused: it lies over the page all the same
    }
  }

  document.addEventListener("fullscreenchange", () => document.fullscreenElement !== element && turn(false), {signal});
  return {toggle, isOn, leave: () => isOn() && toggle()};
}
