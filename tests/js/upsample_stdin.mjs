// Maps as JSON on the input, upsampled by the browser's code on the output: tests/js/test_upsample.py compares.

import {readFileSync} from "node:fs";
import {bilinear} from "../../assets/js/heatmaps/upsample.js";

const maps = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(maps.map(({values, shape, size}) => [...bilinear(values.flat(), shape, size)])));
