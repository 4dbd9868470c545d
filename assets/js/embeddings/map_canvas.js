// Drawing the map: dots, pictures where there is room, lines to neighbours, names of groups.

import {fitCanvas, inks} from "../dom.js";
import {DotLayer} from "./map_dots.js";
import {coloursOf, isDark, rgb} from "./palette.js";
import {ThumbChooser, thumbSize} from "./map_thumbs.js";
import {drawLoop, drawNames, drawNeighbours, drawTile} from "./map_marks.js";

const DOT = 3.2; // radius in CSS pixels
const SMALL_DOT = 2.2; // between pictures
const FADED = 0.14;

/**
 * The picture of a map. `scene` = {data, positions, camera, sheet, mode, kinds, faded: Set of kinds,
 * dots, active: place or -1, pinned, selected: Set, mine: {point, neighbours, image} or null, loop, names}.
 */
export class MapCanvas {
  constructor(canvas) {
    Object.assign(this, {canvas, screen: new Float32Array(0), depth: null, chooser: null, dots: new DotLayer(), style: 0, size: 26, times: []});
  }

  /** Another theme or way of colouring: dots and tinted tiles are made anew. */
  restyle(scene) {
    this.style += 1;
    this.dark = isDark(this.canvas);
    this.inks = inks(this.canvas);
    if (!scene.kinds) return;
    this.colours = coloursOf(scene.mode, scene.kinds, this.dark, scene.data.points.classes.length);
    this.ink = Boolean(scene.sheet?.isInk);
    if (this.ink) this.tintTiles(scene);
  }

  tintTiles({sheet, kinds, data}) {
    const parts = this.colours.map(rgb);
    const ofPicture = new Map(Array.from(data.points.indices, (index, place) => [index, kinds.of[place]]));
    sheet.colour((index) => parts[ofPicture.get(index) ?? 0]);
  }

  draw(scene) {
    const begin = performance.now();
    const {camera, positions} = scene;
    const context = fitCanvas(this.canvas, camera.width, camera.height);
    this.context = context;
    if (!positions || !scene.kinds) {
      context.clearRect(0, 0, camera.width, camera.height);
      return;
    }
    this.place(scene);
    const shown = this.choose(scene);
    this.drawDots(scene);
    this.drawThumbs(scene, shown);
    if (scene.names && scene.mode !== "correct") drawNames(this, scene);
    this.drawMarks(scene);
    this.times.push(performance.now() - begin);
    if (this.times.length > 120) this.times.shift();
  }

  place({data, positions, camera}) {
    if (this.screen.length !== 2 * data.count) {
      this.screen = new Float32Array(2 * data.count);
      this.chooser = new ThumbChooser(data.count);
    }
    this.depth = camera.dimensions === 3 ? (this.depth?.length === data.count ? this.depth : new Float32Array(data.count)) : null;
    camera.project(positions, this.screen, this.depth);
  }

  isFaded(scene, place) {
    return scene.faded.size > 0 && scene.faded.has(scene.kinds.of[place]);
  }

  /** Neither of a kind that steps back nor, where some are selected, left out. */
  isDim(scene, place) {
    return this.isFaded(scene, place) || (scene.selected.size > 0 && !scene.selected.has(place));
  }

  choose(scene) {
    const {camera, sheet, dots, data} = scene;
    this.size = thumbSize(camera.zoom, Math.max(20, Math.min(34, camera.width / 32)));
    if (dots || !sheet) {
      this.chooser.isShown.fill(0);
      return (this.chooser.shown = []);
    }
    const room = this.size * (this.ink ? 0.72 : 1.06);
    const allowed = scene.faded.size + scene.selected.size ? (place) => !this.isDim(scene, place) : () => true;
    return this.chooser.choose(this.screen, {width: camera.width, height: camera.height, size: Math.max(room, data.count > 6000 ? 18 : 10), allowed});
  }

  /** What dots look like now: smaller between pictures, wrong ones as crosses. */
  dressDots(scene, ratio) {
    const radius = this.chooser.shown.length ? SMALL_DOT : DOT;
    const outline = this.dark ? [0, 0, 0, 0.45] : [255, 255, 255, 0.65];
    const isWrong = ({value}) => scene.mode === "correct" && value === 1;
    const looks = scene.kinds.kinds.map((kind, place) => ({
      fill: rgb(this.colours[place]), outline, ratio, isCross: isWrong(kind), radius: radius + (isWrong(kind) ? 1.4 : 0)}));
    this.dots.dress(looks, `${this.style} ${radius} ${ratio}`);
  }

  /** All dots as one image, those that step back below the others; it replaces what was drawn before. */
  drawDots(scene) {
    const {kinds, data} = scene;
    const {screen, depth, dots} = this;
    const ratio = globalThis.devicePixelRatio || 1;
    this.dressDots(scene, ratio);
    dots.begin(this.canvas.width, this.canvas.height);
    const isSome = scene.faded.size + scene.selected.size > 0;
    const plain = this.chooser.shown.length ? (this.ink ? 0.38 : 0.6) : 0.85;
    for (const faded of isSome ? [true, false] : [false]) {
      for (let place = 0; place < data.count; place += 1) {
        if (this.chooser.isShown[place] || (isSome && this.isDim(scene, place) !== faded)) continue;
        const near = depth ? 0.25 + 0.75 * Math.min(1, Math.max(0, depth[place])) : 1;
        dots.dot(kinds.of[place], screen[2 * place] * ratio, screen[2 * place + 1] * ratio, (faded ? FADED : plain) * near);
      }
    }
    dots.end(this.context);
  }

  drawThumbs(scene, shown) {
    const {depth} = this;
    const order = depth ? [...shown].sort((a, b) => depth[a] - depth[b]) : shown;
    for (const place of order) {
      const near = depth ? 0.45 + 0.75 * Math.min(1, Math.max(0, depth[place])) : 1;
      this.context.globalAlpha = depth ? Math.min(1, near) : 1;
      drawTile(this, scene, place, this.size * (depth ? near : 1));
    }
    this.context.globalAlpha = 1;
  }

  drawMarks(scene) {
    const focus = scene.active >= 0 ? scene.active : scene.pinned;
    if (focus >= 0) drawNeighbours(this, scene, focus, scene.data.neighboursOf(focus));
    if (scene.mine) drawNeighbours(this, scene, -1, scene.mine.neighbours, scene.mine);
    if (scene.loop?.length > 1) drawLoop(this, scene.loop);
  }
}
