// What one display of a training holds: filters, maps, predictions, losses, features. Nothing here touches the page.

const CELLS = ["filters", "maps", "features"]; // arrays with a shape of their own

/** Shape of an array of a container; null where it is not there. */
const shapeOf = ({header}, name) => header.arrays?.[name]?.shape ?? null;

/** Arrays as `{values, shape, of}`, the first of `of` there are; null for what a display leaves out. */
function shaped(display, name) {
  const [values, shape] = [display.arrays[name], shapeOf(display, name)];
  return values && shape && values.length > 0 ? {values, shape, of: Math.max(shape[0], display.header[`${name}_of`] ?? 0)} : null;
}

/** Values of bytes spread from the least to the greatest: `{values, shape, low, high}`. */
function ranged(part, range) {
  return part && {...part, low: range?.[0] ?? 0, high: range?.[1] ?? 1};
}

/**
 * A display as the views need it; null without one.
 *
 * `{step, featured (the step that the features are of), epoch, moment, layer, example, filters, maps, features, predicted, losses, own}`: filters `{values, shape (out, in, kH, kW)}`,
 * maps `{values (bytes), shape (C, h, w), low, high}`, features `{values (bytes), shape (m, d)}`, own (the workspace's picture) `{values (bytes), shape (H, W, C), class, probability}`, null where there are none.
 */
export function readDisplay(display) {
  if (!display?.arrays) return null;
  const {header, arrays} = display;
  const [filters, maps, features] = CELLS.map((name) => shaped(display, name));
  return {
    step: header.step, featured: header.featured ?? header.step, epoch: header.epoch, moment: header.moment ?? null, layer: header.layer ?? null, example: header.example ?? null,
    filters, maps: ranged(maps, header.maps_range), features,
    predicted: arrays.predicted ?? null, losses: arrays.loss_each ?? null,
    own: arrays.seen && header.answer ? {...shaped(display, "seen"), ...header.answer} : null,
  };
}

/** Numbers that follow others smoothly: `aim(values)`, then `step(ms)` at every frame until it is false. */
export class Follower {
  constructor({time_ms = 70} = {}) {
    Object.assign(this, {time_ms, values: null, target: null, moving: false});
  }

  /** Other numbers to be at; at once where there were none, or as many others, or where `still`. */
  aim(target, {still = false} = {}) {
    if (this.target === target && !still) return;
    this.target = target;
    if (still || this.values?.length !== target.length) {
      this.values = Float32Array.from(target);
      this.moving = false;
    } else this.moving = true;
  }

  /** Go on for `ms`; whether there is a way left. */
  step(ms) {
    if (!this.moving) return false;
    const {values, target} = this;
    const part = 1 - Math.exp(-ms / this.time_ms);
    let [reach, left] = [0, 0];
    for (let at = 0; at < values.length; at += 1) {
      const gap = target[at] - values[at];
      values[at] += part * gap;
      reach = Math.max(reach, Math.abs(target[at]));
      left = Math.max(left, Math.abs(gap));
    }
    if (left <= reach / 400) {
      values.set(target);
      this.moving = false;
    }
    return true;
  }
}
