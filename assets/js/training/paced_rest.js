// Waiting between steps, until the time has come or nothing waits any more.

/** Resolves after `ms`, or at once when `signal` is aborted. */
export const pacedRest = (ms, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.max(0, ms));
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), {once: true});
  });
