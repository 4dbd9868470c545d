// The server's routes below `${root}/vz/`: JSON, binary containers, uploads and streamed lines.
// Paths are relative to it: getJSON("run", viewParameters(state)).

const settings = {root: "", visitor: null};

const ARRAY_TYPES = {
  float32: Float32Array,
  int32: Int32Array,
  uint16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
};

/** A refusal by the server (`status`, `body`) or a connection that failed (`status` 0). */
export class ApiError extends Error {
  constructor(message, {status = 0, body = null} = {}) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.body = body;
  }
}

/** Set the URL prefix and the visitor's token; what is left out stays as it is. */
export function configure({root, visitor} = {}) {
  if (root !== undefined) settings.root = root.replace(/\/$/, "");
  if (visitor !== undefined) settings.visitor = visitor;
}

/** The address of a route; empty parameters are left out. */
export function address(path, params = {}) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== null && value !== undefined) query.set(name, value);
  }
  const text = query.toString();
  return `${settings.root}/vz/${path.replace(/^\//, "")}${text ? `?${text}` : ""}`;
}

async function refusal(response) {
  const body = await response.json().catch(() => null);
  const message = body?.error ?? `The server answered ${response.status}. Reload the page, or try again later.`;
  return new ApiError(message, {status: response.status, body});
}

async function request(path, params, options) {
  const headers = settings.visitor ? {"X-Visitor": settings.visitor} : {};
  let response;
  try {
    response = await fetch(address(path, params), {...options, headers});
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError("The server cannot be reached. Check that it is running, then try again.");
  }
  if (!response.ok) throw await refusal(response);
  return response;
}

/** A route's JSON answer. */
export async function getJSON(path, params = {}, {signal} = {}) {
  return (await request(path, params, {signal})).json();
}

/** A route's binary container: `{header, arrays}`. */
export async function getArrays(path, params = {}, {signal} = {}) {
  const response = await request(path, params, {signal});
  return parseContainer(await response.arrayBuffer());
}

/** Ask for something that changes the server's state; its JSON answer, or null without one. */
export async function postJSON(path, params = {}, {signal} = {}) {
  const response = await request(path, params, {method: "POST", signal});
  return response.status === 204 ? null : response.json();
}

/** Ask for something that changes the server's state; its binary container. */
export async function postArrays(path, params = {}, {signal} = {}) {
  const response = await request(path, params, {method: "POST", signal});
  return parseContainer(await response.arrayBuffer());
}

/** Send a file's bytes; the JSON answer. */
export async function postBytes(path, blob, {params = {}, signal} = {}) {
  return (await request(path, params, {method: "POST", body: blob, signal})).json();
}

/** Split a container: header length, JSON header, arrays back to back; views, nothing is copied. */
export function parseContainer(buffer) {
  const length = buffer.byteLength >= 4 ? new DataView(buffer).getUint32(0, true) : Infinity;
  if (4 + length > buffer.byteLength) {
    throw new ApiError(`An answer of ${buffer.byteLength} bytes is cut short. Try again.`);
  }
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const arrays = {};
  for (const [name, {dtype, shape, offset}] of Object.entries(header.arrays)) {
    const cells = shape.reduce((product, size) => product * size, 1);
    const start = 4 + length + offset;
    const ArrayType = ARRAY_TYPES[dtype];
    if (!ArrayType) throw new ApiError(`Array "${name}" is of type ${dtype}; known are ${Object.keys(ARRAY_TYPES)}.`);
    if (start + cells * ArrayType.BYTES_PER_ELEMENT > buffer.byteLength) {
      throw new ApiError(`An answer of ${buffer.byteLength} bytes is cut short at "${name}". Try again.`);
    }
    arrays[name] = new ArrayType(buffer, start, cells);
  }
  return {header, arrays};
}

/** Cut text that arrives in pieces into JSON lines; returns `push(text)` and `end()`. */
export function lineReader(onLine) {
  let rest = "";
  const read = (line) => line.trim() && onLine(JSON.parse(line));
  return {
    push(text) {
      const lines = (rest + text).split("\n");
      rest = lines.pop();
      lines.forEach(read);
    },
    end() {
      read(rest);
      rest = "";
    },
  };
}

/** Start something long on the server; `onLine` gets every JSON line as it comes. */
export async function postLines(path, params, onLine, {signal} = {}) {
  const response = await request(path, params, {method: "POST", signal});
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const lines = lineReader(onLine);
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) lines.push(piece.value);
  lines.end();
}

/** Join pieces of a stream and cut them into frames (length, container); returns `push(bytes)`. */
export function frameReader(onFrame) {
  let rest = new Uint8Array(0);
  return {
    push(bytes) {
      const joined = new Uint8Array(rest.length + bytes.length);
      joined.set(rest);
      joined.set(bytes, rest.length);
      rest = joined;
      while (rest.length >= 4) {
        const length = new DataView(rest.buffer, rest.byteOffset).getUint32(0, true);
        if (rest.length < 4 + length) return;
        const frame = rest.slice(4, 4 + length); // a copy: arrays need an aligned start
        rest = rest.subarray(4 + length);
        onFrame(parseContainer(frame.buffer));
      }
    },
  };
}

/** Start a long computation; `onFrame({header, arrays})` as it grows. Aborting `signal` ends it there. */
export async function postFrames(path, params, onFrame, {signal, body} = {}) {
  const response = await request(path, params, {method: "POST", body, signal});
  const reader = response.body.getReader();
  let done = false;
  const frames = frameReader((frame) => {
    if (frame.header.error) throw new ApiError(frame.header.error);
    if (frame.header.done === true) done = true; // a frame may carry a `done` of its own, never true
    else onFrame(frame);
  });
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) frames.push(piece.value);
  if (!done) throw new ApiError("The server stopped answering before the end. Try again.");
}
