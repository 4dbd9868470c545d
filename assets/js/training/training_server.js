// The server's routes of a training, as the desk asks them; tests bring their own.

import {address, getArrays, getJSON, postArrays, postFrames} from "../api.js";
import {asVisitor} from "../visitor.js";

const at = (handle, route = "") => `training/${encodeURIComponent(handle)}${route}`;

export const SERVER = {
  menu: (signal) => getJSON("training/menu", {}, {signal}),
  stack: (question, signal) => getJSON("training/stack", question, {signal}),
  time: (question, signal) => getJSON("training/time", question, {signal}),
  open: (question, signal) => asVisitor(() => postArrays("training/open", question, {signal})),
  state: (handle, signal) => asVisitor(() => getArrays(at(handle), {}, {signal})),
  run: (handle, question, onFrame, signal) => asVisitor(() => postFrames(at(handle, "/run"), question, onFrame, {signal})),
  pause: (handle, signal) => asVisitor(() => postArrays(at(handle, "/pause"), {}, {signal})),
  moment: (handle, question) => asVisitor(() => getArrays(at(handle, "/moment"), question)),
  pictures: (handle, indices) => asVisitor(() => getArrays(at(handle, "/pictures"), {indices: indices.join(",")})),
  download: (handle, question) => address(at(handle, "/download"), question),
};
