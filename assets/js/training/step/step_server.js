// The server's routes of an explained step; tests bring their own.

import {getArrays, getJSON} from "../../api.js";

const at = (handle, route = "") => `training/${encodeURIComponent(handle)}/step${route}`;

export const STEP_SERVER = {
  step: (handle, moment, signal) => getArrays(at(handle), {moment}, {signal}),
  layer: (handle, question, signal) => getArrays(at(handle, "/layer"), question, {signal}),
  weight: (handle, question, signal) => getJSON(at(handle, "/weight"), question, {signal}),
  origin: (handle, question, signal) => getJSON(at(handle, "/origin"), question, {signal}),
  check: (handle, question) => getJSON(at(handle, "/check"), question),
};
