// Sizes, limits and costs of every operation: the one door to them.

export {costs} from "./costs.js";
export {formula} from "./formula.js";
export {CAPS, hasControl, limits, withControl} from "./limits.js";
export {
  OPERATIONS, PADDING_MODES, axisOf, channelByChannel, dimensions, isPool, isUpsample, outputSize, samePadding, settle, transposedSize,
} from "./sizes.js";
export {neverRead} from "./unread.js";
