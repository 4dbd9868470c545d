// The arithmetic of one cell as text, piece by piece: `4·1 + 9·0 + … = 2`. Nothing here rounds.

const MINUS = "−";
const UNKNOWN = "?";

const textOf = (cell) => (typeof cell === "object" && cell !== null ? cell.text : cell);

/** A factor or term that starts with a minus sign stands in brackets. */
export const bracketed = (text) => (text.startsWith(MINUS) || text.startsWith("-") ? `(${text})` : text);

/** `+ 5` or `+ (−5)`: a text joined to a sum. */
export const joined = (text) => `+ ${bracketed(text)}`;

const piece = (text, kind = "sign") => ({text, kind});

/** Every term of one group: `4·1`, `+ 9·0`, …, then `=` and the sum. */
export function groupLine(group, {hidden = false, alone = false} = {}) {
  if (group.line !== undefined) return group.line;
  const lead = group.title && !alone ? [piece(`${group.title}:`, "lead")] : [];
  const kernel = group.kernel?.flat();
  const terms = group.patch.flat().map((cell, index) => {
    const factor = textOf(cell);
    const text = kernel ? `${bracketed(factor)}·${bracketed(textOf(kernel[index]))}` : bracketed(factor);
    return piece(index === 0 ? text : `+ ${text}`, "term");
  });
  const sum = hidden ? UNKNOWN : group.sumText;
  return [...lead, ...terms, piece("="), piece(sum, "sum")];
}

/** Sums of the groups, rest, bias and rounding added up; then the activation and the result. */
export function chainLine({chain, groups, restText, biasText, roundingText, totalText, activation, resultText, hidden = false}) {
  if (chain) return chain;
  const known = (text) => (hidden ? UNKNOWN : text);
  const parts = [
    ...groups.map(({sumText}) => ({text: sumText, kind: "sum", secret: true})),
    {text: restText, kind: "rest", name: "other channels", secret: true},
    {text: biasText, kind: "bias", name: "bias"},
    {text: roundingText, kind: "rounding", name: "rounding", secret: true},
  ].filter(({text}) => text !== null && text !== undefined && text !== "");
  const line = parts.map(({text, kind, name, secret}, index) => {
    const shown = secret && hidden ? UNKNOWN : text;
    const lead = index === 0 ? shown : joined(shown);
    return piece(name ? `${lead}\u00a0(${name})` : lead, kind);
  });
  const total = totalText ?? null;
  if (parts.length > 1 && total !== null) line.push(piece("="), piece(known(total), activation ? "total" : "result"));
  if (activation) {
    const written = `${activation.name}(${known(total ?? "")})`;
    const applied = hidden ? written : activation.text ?? written;
    const from = parts.length > 1 ? [piece("→", "sign")] : [];
    const lead = parts.length > 1 ? [...line, ...from] : [];
    return [...lead, piece(applied, "activation"), piece("="), piece(known(resultText), "result")];
  }
  return parts.length > 1 ? line : [];
}

export const lineText = (pieces) => pieces.map(({text}) => text).join(" ");
