// Parameters and multiplications, beside those of other layers between the same shapes.

import {channelByChannel, settle} from "./sizes.js";

const size = (shape) => shape.reduce((product, side) => product * side, 1);

function separable({channels, filters, kernel, output, bias}) {
  const cells = output[1] * output[2];
  const depthwise = cells * channels * size(kernel);
  const pointwise = cells * channels * filters;
  return {
    depthwise, pointwise, multiplications: depthwise + pointwise,
    parameters: channels * size(kernel) + channels * filters + (bias ? filters : 0),
  };
}

function plain({channels, filters, groups, kernel, output, bias}) {
  const weights = (channels / groups) * size(kernel);
  return {
    multiplications: output[1] * output[2] * filters * weights,
    parameters: filters * weights + (bias ? filters : 0),
    perFilter: weights + (bias ? 1 : 0),
  };
}

/** Every input value is stamped with every weight of its group, those cut off at the border too. */
function stamped({channels, filters, groups, kernel, input, bias}) {
  const weights = channels * (filters / groups) * size(kernel);
  const biases = bias ? filters : 0;
  const perFilter = (channels / groups) * size(kernel) + (bias ? 1 : 0);
  return {multiplications: size(input) * weights, parameters: weights + biases, perFilter};
}

/**
 * {parameters, perFilter, multiplications, dense: {parameters, multiplications}, separable, plain, saving}.
 * Multiplications count the window's cells in the padding too, as is usual. `dense` is a fully connected layer between
 * the same shapes; `separable` and `plain` (null where they do not apply) are the same step done the other way, and
 * `saving` is how many times fewer multiplications the separable way needs.
 */
export function costs(spec) {
  const shape = settle(spec);
  const [inputs, outputs] = [size(shape.inputShape), size(shape.output)];
  const dense = {parameters: inputs * outputs + (shape.bias ? outputs : 0), multiplications: inputs * outputs};
  const none = {parameters: 0, perFilter: 0, multiplications: 0, dense, separable: null, plain: null, saving: null};
  if (channelByChannel(shape.op)) return none;
  if (shape.op === "transposed") return {...none, ...stamped(shape)};
  const [usual, split] = [plain({...shape, groups: shape.op === "depthwise-separable" ? 1 : shape.groups}), separable(shape)];
  const saving = usual.multiplications / split.multiplications;
  if (shape.op === "depthwise-separable") return {...none, ...split, perFilter: null, separable: split, plain: usual, saving};
  if (shape.groups > 1) return {...none, ...usual};
  return {...none, ...usual, separable: split, plain: usual, saving};
}
