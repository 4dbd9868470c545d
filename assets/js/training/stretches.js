// Steps of a training at the pace that was chosen: some at a time, with rests between.

import {pacedRest} from "./paced_rest.js";

const TOGETHER = 10; // steps a second from which several are asked for at once

/**
 * Take `steps`, or all there are; `speed()` is in steps a second, null for as fast as it goes.
 *
 * `stretch(some)` takes some of them and tells whether it was not cut short; `taken()` counts them, `over()` ends it.
 */
export async function inStretches(steps, {speed, stretch, taken, over, signal}) {
  for (let left = steps; left > 0 && !over(); ) {
    const pace = speed();
    const some = Math.min(left, pace ? Math.max(1, Math.round(pace / TOGETHER)) : Infinity);
    const [began, before] = [performance.now(), taken()];
    const whole = await stretch(some);
    if (whole && !Number.isFinite(some)) return;
    left -= taken() - before;
    if (whole && left > 0 && !over()) await pacedRest((1000 * some) / pace - (performance.now() - began), signal);
  }
}
