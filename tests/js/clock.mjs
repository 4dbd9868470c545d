// A clock for tests that moves only when told: Node's own differs from release to release.

/** Take over `setTimeout` and `clearTimeout` until the test ends; `tick(ms)` lets time pass. */
export function stoppedClock(context) {
  const own = {setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout};
  const waiting = new Map(); // id -> {due, call}
  let [now, last] = [0, 0];
  globalThis.setTimeout = (call, delay = 0) => {
    last += 1;
    waiting.set(last, {due: now + delay, call});
    return last;
  };
  globalThis.clearTimeout = (id) => waiting.delete(id);
  context.after(() => Object.assign(globalThis, own));
  return {
    tick(ms) {
      const end = now + ms;
      for (;;) {
        const [next] = [...waiting].sort(([, a], [, b]) => a.due - b.due);
        if (!next || next[1].due > end) break;
        waiting.delete(next[0]);
        now = next[1].due;
        next[1].call();
      }
      now = end;
    },
  };
}
