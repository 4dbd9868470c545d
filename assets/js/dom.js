// Building elements: text goes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

function set(node, name, value) {
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name === "value" || name === "checked") node[name] = value;
  else if (value === true) node.setAttribute(name, "");
  else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, value);
}

/** An element: `make("button", {class: "vz-button", onclick: go}, "Go")`. */
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  node.append(...children.filter((child) => child !== null && child !== undefined));
  for (const [name, value] of Object.entries(attributes)) set(node, name, value);
  return node;
}

/** An icon of strokes in a 16 × 16 box, hidden from screen readers. */
export function icon(path) {
  const svg = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "path");
  for (const [name, value] of Object.entries({viewBox: "0 0 16 16", class: "vz-icon", "aria-hidden": "true"})) {
    svg.setAttribute(name, value);
  }
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** A select with its label: `{element, select}`; options as `{value: title}`. */
export function labelledSelect(label, options, attributes = {}) {
  const select = make("select", {class: "vz-field", ...attributes});
  for (const [value, title] of Object.entries(options)) select.append(make("option", {value}, title));
  return {element: make("label", {class: "vz-control"}, make("span", {class: "vz-control-name"}, label), select), select};
}

/** Fit a canvas to its box in device pixels; its context scaled to CSS pixels. */
export function fitCanvas(canvas, width, height) {
  const ratio = globalThis.devicePixelRatio || 1;
  const [across, down] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== across || canvas.height !== down) {
    canvas.width = across;
    canvas.height = down;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/** The design tokens that canvases draw with, as they are for `node` now. */
export function inks(node) {
  const style = getComputedStyle(node);
  const token = (name) => style.getPropertyValue(`--vz-${name}`).trim();
  return {
    ink: token("ink"),
    muted: token("muted"),
    paper: token("paper"),
    panel: token("panel"),
    line: token("line"),
    edge: token("edge"),
    accent: token("accent"),
    warn: token("warn"),
    text: parseFloat(style.fontSize),
    font: style.fontFamily,
  };
}
