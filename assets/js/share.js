// The present view as a link: copied, or as a QR code for the phones in the room.

import {openDialog} from "./dialog.js";
import {icon, make} from "./dom.js";
import {ICONS} from "./icons.js";
import {qrCode} from "./qr_code.js";
import {isOwnNetwork} from "./own_networks.js";
import {formatAddress} from "./store.js";
import {isUpload} from "./view.js";

const OTHERS = "open this page by this computer's network address (start the app with --host 0.0.0.0 if it does not answer there).";
const QUIET_ZONE = 4; // modules around a QR code

/** The address of a state, without waiting for the address bar. */
export function linkOf(state, href) {
  const {origin, pathname, search} = new URL(href);
  return origin + pathname + formatAddress(state, search);
}

/** What a reader of the link should know; "" if it opens just what is shown. */
export function linkNote(state, href) {
  const {hostname} = new URL(href);
  const local = ["localhost", "127.0.0.1", "[::1]"].includes(hostname) || hostname.endsWith(".localhost");
  const notes = [];
  if (isUpload(state.picture)) notes.push("Your own picture stays private: the link opens a sample in its place.");
  if (isOwnNetwork(state.net)) notes.push("Your own network stays on this page: the link opens the usual one in its place. Download it in the Training tab to hand it on.");
  if (local) notes.push(`${hostname} means this computer only: ${OTHERS}`);
  return notes.join(" ");
}

/** Put text on the clipboard; pages without https have only the older way. */
async function copy(text, parent) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = make("textarea", {class: "vz-unseen", value: text, "aria-hidden": "true"});
    parent.append(field);
    field.select();
    const copied = document.execCommand("copy");
    field.remove();
    return copied;
  }
}

/** A QR code as an SVG of one path, always dark on white. */
function qrPicture(text) {
  const modules = qrCode(text);
  const side = modules.length + 2 * QUIET_ZONE;
  const bar = (row, column) => `M${column + QUIET_ZONE} ${row + QUIET_ZONE}h1v1h-1z`;
  const path = modules.flatMap((line, row) => line.map((dark, column) => (dark ? bar(row, column) : ""))).join("");
  const svg = icon(path);
  svg.setAttribute("viewBox", `0 0 ${side} ${side}`);
  svg.setAttribute("class", "vz-qr-code");
  svg.setAttribute("shape-rendering", "crispEdges");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", "QR code of the link");
  svg.removeAttribute("aria-hidden");
  return svg;
}

function openQr(parent, state) {
  const link = linkOf(state, location.href);
  const content = [];
  try {
    content.push(qrPicture(link));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    content.push(make("p", {class: "vz-message"}, `${error.message} Copy the link instead.`));
  }
  content.push(make("p", {class: "vz-qr-link"}, link));
  const note = linkNote(state, location.href);
  if (note) content.push(make("p", {class: "vz-muted vz-qr-note"}, note));
  openDialog(parent, {title: "Open this view on another device", name: "qr", content});
}

/** Buttons "copy link" and "QR code"; `say(text)` shows what was done. */
export function shareButtons({store, parent, say}) {
  const button = (name, label, onclick) =>
    make("button", {class: "vz-button vz-quiet vz-action", type: "button", "data-action": name, "aria-label": label, title: label, onclick}, icon(ICONS[name]));
  async function copyLink() {
    const state = store.get();
    const link = linkOf(state, location.href);
    const copied = await copy(link, parent);
    const lead = copied ? "Link copied." : `Copying was not allowed; the link is ${link}`;
    say(`${lead} ${linkNote(state, location.href)}`.trim());
  }
  return [
    button("link", "Copy the link to this view", copyLink),
    button("qr", "Show a QR code of this view", () => openQr(parent, store.get())),
  ];
}
