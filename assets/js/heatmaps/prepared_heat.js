// A heatmap made ready for drawing: its limits, its values at any size, contour lines.

import {contour} from "./contour.js";
import {heatLimits, isGrainy, pixelLimits, rescaled} from "./heat_range.js";
import {bilinear, blocks} from "./upsample.js";

const LINES_SIDE = 168; // points along the longer side that contour lines are made from
const LEVELS = [0.25, 0.5, 0.75];

export class PreparedHeat {
  constructor(heat) {
    this.heat = heat;
    this.grainy = heat.source === "input" && isGrainy(heat.values, heat.shape);
    this.limits = heat.source === "input" ? pixelLimits(heat.values, heat.signed, this.grainy) : heatLimits(heat.values, heat.signed);
    this.sizes = new Map();
  }

  /** Shares of the colour map at a size, kept for the next stroke of a slider. */
  shares(size, smooth) {
    const key = `${size} ${smooth}`;
    if (!this.sizes.has(key)) {
      if (this.sizes.size > 3) this.sizes.clear();
      const values = (smooth ? bilinear : blocks)(this.heat.values, this.heat.shape, size);
      this.sizes.set(key, rescaled(values, this.limits, this.heat.signed));
    }
    return this.sizes.get(key);
  }

  /** Lines at the threshold, or, without one, at a quarter, half and three quarters; in shares of both sides. */
  lines(threshold) {
    if (!this.limits) return [];
    const [rows, columns] = this.heat.shape;
    const scale = Math.max(1, LINES_SIDE / Math.max(rows, columns));
    const size = [Math.round(rows * scale), Math.round(columns * scale)];
    const values = this.shares(size, true);
    const levels = threshold > 0 ? [threshold] : LEVELS;
    const signs = this.heat.signed ? [1, -1] : [1];
    return levels.flatMap((level) => signs.flatMap((sign) => contour(values, size, sign * level)))
      .map(([x0, y0, x1, y1]) => [x0 / size[1], y0 / size[0], x1 / size[1], y1 / size[0]]);
  }

  /** The rescaled value of a cell, 0…1, or −1…1 where the map has a sign. */
  shareOf([row, column]) {
    return rescaled([this.heat.values[row * this.heat.shape[1] + column]], this.limits, this.heat.signed)[0];
  }
}
