// A network as text, `conv(6,5,padding=2);relu;flatten;linear(classes)`, and as a list of pieces `{kind, settings}`.

const PIECE = /^(?:(\d{1,3})\s*\*\s*)?([A-Za-z_]\w*)\s*(?:\(([^()]*)\))?$/;
export const CLASSES = "classes"; // stands for the number of classes, whatever the data

export const kindOf = (menu, name) => menu.kinds.find((kind) => kind.name === name) ?? null;

/** A piece with the menu's defaults. */
export const freshPiece = (kind) => ({kind: kind.name, settings: Object.fromEntries(kind.parameters.map(({name, default: usual}) => [name, usual]))});

function valueOf(parameter, text) {
  if (text === CLASSES) return CLASSES;
  if (parameter.flag) return text === "yes" || text === "1" ? 1 : 0;
  const value = Number(text);
  return text.trim() !== "" && Number.isFinite(value) ? value : text;
}

function settingsOf(kind, inside) {
  const {settings} = freshPiece(kind);
  inside.split(",").map((part) => part.trim()).filter(Boolean).forEach((part, place) => {
    const [name, text] = part.includes("=") ? part.split("=").map((half) => half.trim()) : [kind.parameters[place]?.name, part];
    const parameter = kind.parameters.find((known) => known.name === name);
    if (parameter) settings[name] = valueOf(parameter, text);
  });
  return settings;
}

/** The pieces of a text; null where it cannot be read, which the server then explains. */
export function parseStack(text, menu) {
  const pieces = [];
  for (const word of text.split(/[;\n]/).map((part) => part.trim()).filter(Boolean)) {
    const [, times, name, inside] = PIECE.exec(word) ?? [];
    const kind = name && kindOf(menu, name);
    if (!kind) return null;
    for (let count = Math.min(100, Number(times ?? 1) || 1); count > 0; count -= 1) pieces.push({kind: name, settings: settingsOf(kind, inside ?? "")});
  }
  return pieces;
}

const word = (parameter, value) => (parameter.flag ? (value ? "yes" : "no") : String(value));

/** The text of one piece: leading numbers always, the rest where it differs from the menu's. */
export function pieceText({kind: name, settings}, menu) {
  const {parameters} = kindOf(menu, name);
  const words = parameters
    .filter((parameter) => parameter.leading || settings[parameter.name] !== parameter.default)
    .map((parameter) => `${parameter.leading ? "" : `${parameter.name}=`}${word(parameter, settings[parameter.name])}`);
  return words.length ? `${name}(${words.join(",")})` : name;
}

export const formatStack = (pieces, menu) => pieces.map((piece) => pieceText(piece, menu)).join(";");

const windowWords = ({kernel, stride}, side = 1) => [`${kernel} × ${kernel}`, stride && stride !== side ? `stride ${stride}` : ""].filter(Boolean).join(", ");
const SHORT = {
  conv: windowWords,
  depthwise: windowWords,
  maxpool: (settings) => windowWords(settings, settings.kernel),
  avgpool: (settings) => windowWords(settings, settings.kernel),
  dropout: ({p}) => `${Math.round(100 * p)} %`,
  residual: ({stride}) => (stride > 1 ? `stride ${stride}` : ""),
  plain: ({stride}) => (stride > 1 ? `stride ${stride}` : ""),
};

/** What of a piece its output's shape does not tell, in few words. */
export const shortWords = ({kind, settings}) => SHORT[kind]?.(settings) ?? "";

/** "6 × 28 × 28", "400 values"; "" where nothing is known. */
export function shapeText(shape) {
  if (!shape) return "";
  return shape.length === 1 ? `${shape[0].toLocaleString("en")} values` : shape.join(" × ");
}

/** Numbers as one says them: "61,706", "4.8 M", "416 k" for MACs. */
export function amount(number) {
  if (!Number.isFinite(number)) return "–";
  if (number < 1e5) return number.toLocaleString("en");
  return number < 1e6 ? `${Math.round(number / 1e3)} k` : `${(number / 1e6).toFixed(number < 1e7 ? 1 : 0)} M`;
}
