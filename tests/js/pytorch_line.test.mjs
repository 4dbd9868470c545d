// What the printed code computes is checked in test_evaluate.py; here, that it reads as one would write it.

import assert from "node:assert/strict";
import test from "node:test";
import {toSpec} from "../../assets/js/arithmetic/presets.js";
import {pytorchLine} from "../../assets/js/arithmetic/pytorch_line.js";

const lines = (plain) => pytorchLine(toSpec(plain)).split("\n");
const last = (plain) => lines(plain).filter((line) => line.startsWith("y = ")).join("\n");
const conv = {op: "convolution", input: [[[1, -2.5], [3, 4]]], weights: [[[[1]]]]};

test("the code is complete", () => {
  assert.deepEqual(lines({...conv, bias: [0.5], activation: "relu"}), [
    "import torch", "import torch.nn.functional as F", "",
    "x = torch.tensor([[[1, -2.5], [3, 4]]], dtype=torch.float64).unsqueeze(0)  # (1, 1, 2, 2)",
    "w = torch.tensor([[[[1]]]], dtype=torch.float64)", "b = torch.tensor([0.5], dtype=torch.float64)",
    "y = F.conv2d(x, w, b)", "y = F.relu(y)", "print(y[0])", "",
  ]);
});

test("settings at their defaults are left out, the others put in", () => {
  assert.equal(last(conv), "y = F.conv2d(x, w)");
  assert.equal(last({...conv, stride: [2, 2], padding: [1, 1, 1, 1], dilation: [1, 3]}), "y = F.conv2d(x, w, stride=2, padding=1, dilation=(1, 3))");
  assert.equal(last({...conv, padding: [1, 0, 0, 1]}), "y = F.conv2d(F.pad(x, (1, 0, 1, 0)), w)");
  assert.equal(last({...conv, padding: [1, 1, 1, 1], paddingMode: "reflect"}), 'y = F.conv2d(F.pad(x, (1, 1, 1, 1), mode="reflect"), w)');
  assert.ok(lines({...conv, divisor: 9}).includes("w = torch.tensor([[[[1]]]], dtype=torch.float64) / 9"));
});

test("each operation by its PyTorch name", () => {
  assert.equal(last({...conv, op: "transposed", stride: [2, 1]}), "y = F.conv_transpose2d(x, w, stride=(2, 1))");
  assert.equal(last({op: "max-pool", input: conv.input, kernel: [2, 2]}), "y = F.max_pool2d(x, 2)");
  assert.equal(last({op: "average-pool", input: conv.input, kernel: [2, 1], stride: [1, 1], countPadding: false, padding: [1, 0, 1, 0]}),
    "y = F.avg_pool2d(x, (2, 1), stride=1, padding=(1, 0), count_include_pad=False)");
  assert.equal(last({op: "upsample-nearest", input: conv.input, scale: [2, 3]}), 'y = F.interpolate(x, scale_factor=(2, 3), mode="nearest")');
  assert.equal(last({op: "upsample-bilinear", input: conv.input, scale: [2, 2]}), 'y = F.interpolate(x, scale_factor=(2, 2), mode="bilinear", align_corners=False)');
});
