import assert from "node:assert/strict";
import test from "node:test";
import {
  CAPS, OPERATIONS, costs, formula, hasControl, limits, neverRead, outputSize, samePadding, settle, transposedSize, withControl,
} from "../../assets/js/arithmetic/geometry.js";

const spec = (more = {}) => ({op: "convolution", inputShape: [1, 7, 7], kernel: [3, 3], filters: 1, ...more});
const text = (more, axis = 0) => formula(spec(more), axis).text;

test("sizes are those of figures 2.1 to 2.7 and 4.1 to 4.6", () => {
  // Dumoulin & Visin, arXiv:1603.07285
  for (const [i, k, s, p, o] of [[4, 3, 1, 0, 2], [5, 4, 1, 2, 6], [5, 3, 1, 1, 5], [5, 3, 1, 2, 7], [5, 3, 2, 0, 2], [5, 3, 2, 1, 3], [6, 3, 2, 1, 3]]) {
    assert.equal(outputSize({input: i, kernel: k, stride: s, padBefore: p, padAfter: p}), o);
  }
  for (const [i, k, s, p, o] of [[2, 3, 1, 0, 4], [5, 3, 1, 1, 5], [2, 3, 2, 0, 5], [3, 3, 2, 1, 5]]) {
    assert.equal(transposedSize({input: i, kernel: k, stride: s, padBefore: p, padAfter: p}), o);
  }
  assert.equal(outputSize({input: 7, kernel: 3, dilation: 2}), 3);
});

test("rounding up keeps a last window only if it begins inside the input or the padding before it", () => {
  // torch.nn.functional.max_pool2d(..., 3, 3, 1, ceil_mode=True) of 5 and of 6 cells
  assert.equal(outputSize({input: 5, kernel: 3, stride: 3, padBefore: 1, padAfter: 1, ceil: true}), 2);
  assert.equal(outputSize({input: 6, kernel: 3, stride: 3, padBefore: 1, padAfter: 1, ceil: true}), 3);
});

test("a kernel that does not fit is told by how much", () => {
  assert.throws(() => outputSize({input: 4, kernel: 4, padBefore: 1, padAfter: 1, dilation: 2}), {
    name: "RangeError", message: "A kernel spanning 7 cells does not fit 6 (input 4, padding 1 + 1). Shrink the kernel or raise the padding by 1.",
  });
  assert.throws(() => transposedSize({input: 1, kernel: 3, padBefore: 2, padAfter: 2}), /cuts away all 3 cells of the result. Lower it by 2/);
});

test("the formula has the numbers in it", () => {
  assert.equal(text({stride: [3, 3]}), "floor((7 + 2·0 − 3) / 3) + 1 = 2");
  assert.equal(text({padding: [1, 0, 2, 0], dilation: [2, 1]}), "floor((7 + 1 + 2 − (2·(3 − 1) + 1)) / 1) + 1 = 6");
  assert.equal(text({kernel: [3, 2], stride: [1, 2]}, 1), "floor((7 + 2·0 − 2) / 2) + 1 = 3");
  assert.equal(text({op: "transposed", stride: [2, 2], padding: [1, 1, 1, 1]}), "(7 − 1)·2 − 2·1 + 3 = 13");
  assert.equal(text({op: "transposed", stride: [2, 2], padding: [1, 0, 0, 0], outputPadding: [1, 0], dilation: [2, 2]}), "(7 − 1)·2 − (1 + 0) + (2·(3 − 1) + 1) + 1 = 17");
  assert.equal(text({op: "upsample-nearest", scale: [3, 2]}), "7·3 = 21");
  assert.equal(text({op: "max-unpool", kernel: [2, 2], stride: [2, 2]}), "(7 − 1)·2 − 2·0 + 2 = 14");
  assert.equal(text({op: "max-pool", kernel: [2, 2], ceil: true}), "ceil((7 + 2·0 − 2) / 2) + 1 = 4");
  assert.equal(formula(spec({stride: [3, 3]}), 0).unrounded, "4 / 3 + 1 = 2.33");
  assert.equal(formula(spec({stride: [2, 2]}), 0).fits, true);
});

/** What the formula's text comes to, worked out from its digits. */
const worth = (line) => {
  const [left, right] = line.split(" = ");
  const code = left.replaceAll("·", "*").replaceAll("−", "-").replaceAll(/floor|ceil/g, "Math.$&");
  return [Function(`return ${code}`)(), Number(right)];
};

test("every formula is an equation of the digits in it, and the size that is used", () => {
  let checked = 0;
  for (const op of OPERATIONS) {
    for (const kernel of [1, 2, 3]) for (const stride of [1, 2, 3, 4]) for (const pads of [[0, 0], [1, 1], [1, 0]]) for (const dilation of [1, 2]) for (const ceil of [false, true]) {
      const [before, after] = pads;
      const each = spec({op, kernel: [kernel, 2], stride: [stride, 1], padding: [before, 0, after, 0], dilation: [dilation, 1], ceil});
      if (!legal(each)) continue;
      const {text: line, size} = formula(each, 0);
      const [left, right] = worth(line);
      assert.equal(left, right, line);
      assert.equal(size, settle(each).output[1]);
      checked += 1;
    }
  }
  assert.ok(checked > 500);
});

const legal = (each) => {
  try {
    settle(each);
    return true;
  } catch (error) {
    assert.ok(error instanceof RangeError, error);
    return false;
  }
};

test("cells never read are named at the end and inside", () => {
  const sentence = (more) => neverRead(spec(more)).sentence;
  assert.equal(sentence({stride: [3, 3]}), "Stride 3 does not fit: the last row and column are never read.");
  assert.equal(sentence({stride: [3, 1]}), "Stride 3 does not fit: the last row is never read.");
  assert.equal(sentence({inputShape: [1, 8, 7], stride: [3, 3]}), "Stride 3 does not fit: the last 2 rows and the last column are never read.");
  assert.equal(sentence({stride: [1, 4], kernel: [3, 2]}), "The kernel steps over cells (stride 4): columns 2, 3 and 6 are never read.");
  assert.equal(sentence({stride: [2, 4], kernel: [1, 2]}), "The kernel steps over cells (stride 2 × 4): rows 1, 3 and 5, columns 2, 3 and 6 are never read.");
  assert.equal(sentence({}), "");
  assert.equal(sentence({stride: [3, 3], padding: [0, 1, 1, 0]}), "Stride 3 does not fit: the last row and column are never read.");
  assert.equal(sentence({stride: [3, 3], padding: [1, 1, 1, 1]}), "");
  assert.deepEqual(neverRead(spec({stride: [3, 1], padding: [0, 0, 1, 0]})).paddedRows, [6, 7]);
  assert.equal(sentence({op: "transposed", inputShape: [1, 2, 2], kernel: [1, 2], stride: [2, 2]}), "No stamp reaches all of the output: row 1 gets 0.");
});

test("padding made of the input's own cells can read the last row after all", () => {
  const reflected = spec({inputShape: [1, 5, 3], kernel: [2, 1], stride: [4, 1], padding: [0, 0, 1, 0]});
  assert.deepEqual(neverRead(reflected).rows, [2, 3]);
  assert.deepEqual(neverRead({...reflected, paddingMode: "reflect"}).rows, [2]);
});

test("same padding keeps the size, the odd cell at the end", () => {
  assert.deepEqual(samePadding(spec()), [1, 1, 1, 1]);
  assert.deepEqual(samePadding(spec({kernel: [4, 1]})), [1, 0, 2, 0]);
  assert.deepEqual(samePadding(spec({dilation: [2, 3]})), [2, 3, 2, 3]);
  for (const stride of [1, 2, 3]) {
    const each = spec({stride: [stride, stride], kernel: [4, 2]});
    assert.equal(settle({...each, padding: samePadding(each)}).output[1], Math.ceil(7 / stride));
  }
});

const START = {
  convolution: {inputShape: [4, 6, 7], filters: 4, groups: 2}, transposed: {inputShape: [2, 3, 4], filters: 2},
  "max-pool": {padding: [1, 0, 1, 1]}, "max-unpool": {kernel: [2, 2], inputShape: [1, 3, 4]},
};

test("every value within the limits is legal, and the next one is not, or is the cap", () => {
  for (const op of OPERATIONS) {
    for (const more of [{}, {paddingMode: "reflect"}, {paddingMode: "circular", dilation: [2, 1]}, {stride: [4, 3]}]) {
      const each = spec({op, ...START[op], ...more});
      const shape = settle(each);
      for (const [control, {min, max, value}] of Object.entries(limits(each))) {
        if (min === undefined) continue;
        assert.ok(min <= value && value <= max, `${op} ${control}`);
        for (let next = min; next <= max; next += 1) assert.ok(legal(withControl(each, control, next)), `${op} ${control} ${next}`);
        const capped = /input|kernel|padding|scale/.exec(control)?.[0].toLowerCase();
        if (capped && max < CAPS[capped] && !control.startsWith("outputPadding")) assert.ok(!legal(withControl(each, control, max + 1)), `${op} ${control} ${max + 1}`);
      }
      assert.equal(limits(each).inputHeight.value, shape.input[0]);
    }
  }
});

test("limits name the last legal value", () => {
  const {kernelHeight, paddingTop, dilationRows, strideRows} = limits(spec({inputShape: [1, 5, 9], padding: [1, 0, 0, 0], paddingMode: "reflect"}));
  assert.deepEqual([kernelHeight.max, paddingTop.max, dilationRows.max, strideRows.max], [6, 4, 2, 3]);
  assert.equal(limits(spec({op: "max-pool", kernel: [3, 2]})).paddingTop.max, 1);
  assert.deepEqual(limits(spec({inputShape: [4, 7, 7], filters: 6})).groups.choices, [1, 2]);
  assert.deepEqual(limits(spec({inputShape: [4, 7, 7], filters: 6, groups: 2})).filters.choices, [2, 4, 6, 8]);
  assert.equal(limits(spec({stride: [6, 1], inputShape: [1, 20, 7]})).inputHeight.max, 20, "a legal value above the cap stays");
});

test("controls that an operation lacks are not offered, and what they hold is ignored", () => {
  assert.equal(hasControl("average-pool", "dilationRows"), false);
  assert.equal("scaleRows" in limits(spec()), false);
  assert.equal("paddingTop" in limits(spec({op: "upsample-nearest"})), false);
  assert.deepEqual(settle(spec({op: "upsample-nearest", padding: [9, 9, 9, 9], stride: [5, 5]})).output, [1, 14, 14]);
  assert.deepEqual(settle(spec({op: "average-pool", dilation: [9, 9]})).output, [1, 2, 2]);
});

test("illegal settings are told in one sentence", () => {
  const cases = [[{stride: [0, 1]}, /stride 0 must be a whole number of at least 1/], [{padding: [0, 0.5, 0, 0]}, /padding 0.5/],
    [{op: "deconvolution"}, /no operation “deconvolution”; there are convolution,/], [{paddingMode: "mirror"}, /no padding “mirror”/],
    [{groups: 2}, /2 groups must divide both 1 channels and 1 filters/], [{paddingMode: "reflect", padding: [7, 0, 0, 0]}, /7 rows: reflect allows at most 6/],
    [{paddingMode: "circular", padding: [0, 8, 0, 0]}, /7 columns: circular allows at most 7/], [{op: "max-pool", padding: [2, 0, 0, 0]}, /at most half of it, 1/],
    [{op: "max-pool", inputShape: [1, 2, 7], kernel: [2, 2], dilation: [3, 1], padding: [1, 0, 1, 0]}, /Window 0 along the rows reads padding only/],
    [{op: "transposed", outputPadding: [1, 0]}, /Output padding 1 must be smaller/], [{divisor: 0}, /divisor 0/]];
  for (const [more, message] of cases) assert.throws(() => settle(spec(more)), {name: "RangeError", message});
});

test("costs beside a dense layer and the separable way", () => {
  const {parameters, perFilter, multiplications, dense, separable, saving} = costs({op: "convolution", inputShape: [3, 12, 12], kernel: [5, 5], filters: 256, bias: true});
  assert.deepEqual([parameters, perFilter, multiplications], [19456, 76, 1228800]);
  assert.deepEqual(dense, {parameters: 432 * 16384 + 16384, multiplications: 432 * 16384});
  assert.deepEqual([separable.depthwise, separable.pointwise, separable.parameters], [4800, 49152, 75 + 768 + 256]);
  assert.equal(saving.toFixed(1), "22.8");
  const grouped = costs({op: "convolution", inputShape: [4, 5, 5], kernel: [3, 3], filters: 4, groups: 4});
  assert.deepEqual([grouped.parameters, grouped.multiplications, grouped.separable], [36, 324, null]);
  const stamps = costs({op: "transposed", inputShape: [2, 3, 4], kernel: [2, 3], filters: 5, bias: true});
  assert.deepEqual([stamps.parameters, stamps.multiplications], [65, 3 * 4 * 60]);
  assert.equal(costs(spec({op: "max-pool"})).parameters, 0);
});
