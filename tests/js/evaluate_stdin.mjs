// Specs of plain numbers as JSON on the input; what the browser makes of them as JSON on the output.
// tests/js/test_evaluate.py compares it with NumPy and PyTorch.

import {readFileSync} from "node:fs";
import {toNumber} from "../../assets/js/arithmetic/decimal.js";
import {costs, neverRead} from "../../assets/js/arithmetic/geometry.js";
import {evaluate} from "../../assets/js/arithmetic/operations.js";
import {toSpec} from "../../assets/js/arithmetic/presets.js";
import {pytorchLine} from "../../assets/js/arithmetic/pytorch_line.js";

const numbers = (nested) => (Array.isArray(nested) ? nested.map(numbers) : toNumber(nested));
const range = (length) => Array.from({length}, (_, index) => index);

/** The activated totals of `terms`, cell by cell. */
function totals({shape: {output: [filters, rows, columns]}, terms}) {
  return range(filters).map((filter) => range(rows).map((row) => range(columns).map((column) => toNumber(terms(filter, row, column).activated))));
}

function answer(plain) {
  const spec = toSpec(plain);
  const result = evaluate(spec);
  return {
    outputs: numbers(result.outputs),
    totals: totals(result),
    exact: result.outputs.flatMap((channel, filter) => channel.flatMap((line, row) => line.map((_, column) => result.isExact(filter, row, column)))),
    code: pytorchLine(spec),
    unread: neverRead(spec),
    multiplications: costs(spec).multiplications,
  };
}

process.stdout.write(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(answer)));
