// Taking a view away: a PNG with a caption, the values, and the Python lines that reproduce them.

import {isScalar} from "./channel_maps.js";
import {format, lookup} from "./colour.js";
import {loadCall} from "./own_networks.js";
import {barLimits, deadTile, drawTile, itemSize, paintedSheet} from "./tile_drawing.js";
import {gridLayout, mapSize, tileAt} from "./tile_layout.js";

const MOST_PIXELS = 16e6; // browsers refuse much larger canvases
const PAPER = {ink: "#1a1e26", muted: "#566070", paper: "#ffffff", panel: "#f5f6f8", line: "#dfe3e9", edge: "#838d9c",
  accent: "#0a5cb8", warn: "#96440a", text: 14, font: "system-ui, sans-serif"};

const quoted = (text) => JSON.stringify(text); // a Python string literal too

/** A picture's name without its kind: `chelsea`; null for an upload. */
export const sampleName = (handle) => (handle?.startsWith("sample:") ? handle.slice("sample:".length) : null);

/** Python lines that compute the values shown; the library's own backend, PyTorch, needs no word. */
export function pythonLines({net, weights, picture, framing, layer, channel, cell, backend = "torch"}) {
  const sample = sampleName(picture);
  const source = sample ? `vz.sample(${quoted(sample)})` : '"my_picture.jpg"';
  const run = backend === "torch" ? "" : `, backend=${quoted(backend)}`;
  const framed = framing && framing !== "crop" ? `, framing=${quoted(framing)}` : "";
  const lines = [
    "import visualizer as vz",
    "",
    `model = ${loadCall(net, {weights: weights && "untrained", run})}`,
    `maps = vz.feature_maps(model, ${source}, layers=[${quoted(layer)}]${framed})[${quoted(layer)}]  # (C, H, W) float32`,
  ];
  if (Number.isInteger(channel)) lines.push(`maps[${[channel, ...(cell ?? [])].join(", ")}]`);
  return lines.join("\n");
}

/** A file name of plain characters. */
export const fileName = (...parts) => parts.map((part) => String(part).replace(/[^\w.-]+/g, "-")).join("_");

/** Caption of an exported view: what it shows, and in which range. */
export function captionLines({run, state, maps, limits, settings}) {
  const {shared} = limits;
  const range = shared ? `${format(shared.low)} to ${format(shared.high)}` : "each channel from its minimum to its maximum";
  const picture = sampleName(state.picture) ?? "own picture";
  return [
    `${run.title} · ${run.trained ? run.weights : "untrained weights"} · ${maps.layer} (${maps.kind}, ${maps.channels} × ${maps.height} × ${maps.width})`,
    `Picture: ${picture}, framing ${state.framing} · sorted by ${settings.sort} · colours ${settings.colours}: ${range}`,
  ];
}

/** A sheet about 4 : 3 whose pixels a browser can hold. */
function sheetLayout(maps, labelled) {
  const scalar = isScalar(maps);
  for (let size = scalar ? (labelled ? 200 : 110) : 112; ; size = Math.floor(size * 0.8)) {
    const {width: across, height} = scalar ? {width: size + 20, height: 38} : mapSize(maps, size);
    const columns = Math.max(3, Math.ceil(Math.sqrt((maps.channels * 1.3 * (height + 14)) / (across + 4))));
    const width = Math.max(760, Math.ceil(columns * (across * 1.07 + 2)) + 24);
    const item = scalar ? itemSize(size, PAPER.text, width) : {drawn: mapSize(maps, size), gaps: {}};
    const layout = gridLayout({count: maps.channels, width, drawn: item.drawn, captionHeight: scalar ? 0 : 14, ...item.gaps});
    if (width * layout.height < MOST_PIXELS || size < 20) return {layout, width};
  }
}

/** All channels in their order with a caption below, on a canvas. */
export function exportCanvas({run, state, maps, order, limits, labels}, settings) {
  const {layout, width} = sheetLayout(maps, labels.size > 0);
  const colours = lookup(settings.colours);
  const sheet = isScalar(maps) ? null : paintedSheet(maps, limits, colours);
  const scene = {maps, sheet, layout, limits, colours, labels, bars: barLimits(maps), outlined: settings.colours !== "viridis", ink: PAPER,
    dead: deadTile(layout.drawn, PAPER)};
  const lines = captionLines({run, state, maps, limits, settings});
  const letters = Math.max(13, Math.min(32, Math.round(width / 100))); // readable when the sheet is scaled to a page
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width);
  canvas.height = Math.round(layout.height + 1.5 * letters * (lines.length + 1));
  const context = canvas.getContext("2d");
  context.fillStyle = PAPER.paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  order.forEach((channel, position) => drawTile(context, scene, channel, tileAt(layout, position)));
  context.textAlign = "left";
  context.textBaseline = "top";
  context.fillStyle = PAPER.ink;
  context.font = `${letters}px ${PAPER.font}`;
  lines.forEach((line, index) => context.fillText(line, layout.left, layout.height + letters * (0.75 + 1.5 * index), canvas.width - 2 * layout.left));
  return canvas;
}

/** Hand a canvas to the visitor as a PNG file. */
export function savePNG(canvas, name) {
  return new Promise((resolve) => {
    canvas.toBlob((blob) => {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
      resolve(blob);
    }, "image/png");
  });
}
