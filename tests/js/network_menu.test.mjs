import assert from "node:assert/strict";
import test from "node:test";
import {grouped, listPlace, sizeText, typedAhead} from "../../assets/js/network_menu.js";
import {progressText} from "../../assets/js/weights_offer.js";

const model = (name, title, labels, ready) => ({name, title, labels, ready});
const models = [
  model("lite", "EfficientNet-Lite0", "imagenet", true),
  model("lenet5", "LeNet-5", "mnist", true),
  model("resnet18", "ResNet-18", "imagenet", false),
  model("resnet50", "ResNet-50", "imagenet", false),
];

test("groups in reading order, empty ones left out", () => {
  const names = (list) => grouped(list).map((group) => [group.title, group.models.map(({name}) => name)]);
  assert.deepEqual(names(models), [
    ["ImageNet, ready", ["lite"]],
    ["Small, trained here", ["lenet5"]],
    ["ImageNet, official weights to download", ["resnet18", "resnet50"]],
  ]);
  assert.deepEqual(names(models.slice(1, 2)), [["Small, trained here", ["lenet5"]]]);
});

test("typing walks through titles that begin alike", () => {
  assert.equal(typedAhead(models, "r", "lite").name, "resnet18");
  assert.equal(typedAhead(models, "r", "resnet18").name, "resnet50");
  assert.equal(typedAhead(models, "resnet-5", "resnet18").name, "resnet50");
  assert.equal(typedAhead(models, "x", "lite"), null);
});

test("sizes in decimal units", () => {
  assert.equal(sizeText(97_781_000), "98 MB");
  assert.equal(sizeText(5_000_000), "5.0 MB");
  assert.equal(sizeText(246_000), "0.2 MB");
  assert.equal(sizeText(61_706), "62 kB");
  assert.equal(sizeText(undefined), "");
});

test("progress names the unit once where it can", () => {
  assert.equal(progressText(12_300_000, 98_000_000), "12 of 98 MB");
  assert.equal(progressText(20_000, 98_000_000), "20 kB of 98 MB");
  assert.equal(progressText(12_300_000, 0), "12 MB so far");
});

test("the list opens below its button and stays on the screen", () => {
  const button = {left: 16, bottom: 90, width: 340};
  assert.deepEqual(listPlace(button, {width: 1440, height: 900}), {left: 16, top: 94, width: 340, maxHeight: 798});
  const low = listPlace({...button, bottom: 700}, {width: 1440, height: 800});
  assert.equal(low.top, 800 - 370 - 8);
  const phone = listPlace({left: 250, bottom: 90, width: 120}, {width: 375, height: 800});
  assert.ok(phone.left >= 8 && phone.left + phone.width <= 375 - 8);
});
