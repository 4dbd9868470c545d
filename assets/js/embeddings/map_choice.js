// Picking points of the map: the nearest to the pointer, those in a loop; and taking them away.

/** The point nearest to (x, y) within `reach` CSS pixels; those `preferred` win; -1 for none. */
export function nearestPoint(screen, x, y, reach, {allowed = () => true, preferred = null, size = 0} = {}) {
  let [best, least] = [-1, reach * reach];
  let [bestShown, leastShown] = [-1, Infinity];
  for (let index = 0, at = 0; at < screen.length; index += 1, at += 2) {
    const [dx, dy] = [screen[at] - x, screen[at + 1] - y];
    const square = dx * dx + dy * dy;
    if (square < least && allowed(index)) [best, least] = [index, square];
    if (preferred?.[index] && Math.max(Math.abs(dx), Math.abs(dy)) <= size / 2 && square < leastShown) [bestShown, leastShown] = [index, square];
  }
  return bestShown >= 0 ? bestShown : best;
}

/** Whether (x, y) lies inside a polygon [[x, y], …], by the even–odd rule. */
export function isInside(polygon, x, y) {
  let inside = false;
  for (let index = 0, before = polygon.length - 1; index < polygon.length; before = index, index += 1) {
    const [ax, ay] = polygon[index];
    const [bx, by] = polygon[before];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  }
  return inside;
}

/** The points inside a loop drawn on the screen. */
export function pointsInside(screen, polygon, allowed = () => true) {
  const found = [];
  for (let index = 0; index < screen.length / 2; index += 1) {
    if (allowed(index) && isInside(polygon, screen[2 * index], screen[2 * index + 1])) found.push(index);
  }
  return found;
}

/** A value of a CSV file; text that a spreadsheet would take for a formula gets an apostrophe. */
export function csvValue(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows of values as the text of a CSV file. */
export const csvText = (header, rows) => [header, ...rows].map((row) => row.map(csvValue).join(",")).join("\r\n") + "\r\n";

/** Save text as a file of the visitor's. */
export function saveText(name, text, type = "text/csv") {
  const link = Object.assign(document.createElement("a"), {href: URL.createObjectURL(new Blob([text], {type})), download: name});
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
