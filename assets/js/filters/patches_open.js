// From a patch to its picture: taken into the workspace, with the cell that answered.

import {address, ApiError, postBytes} from "../api.js";
import {changedView} from "../view.js";
import {asVisitor} from "../visitor.js";

/** The picture's handle: a sample has one, another picture is sent as this visitor's own. */
async function handleOf(patch, collection) {
  if (patch.handle) return patch.handle;
  const response = await fetch(address(`collections/${collection}/${patch.picture}`)).catch(() => null);
  if (!response?.ok) throw new ApiError("The picture could not be fetched. Check the connection, then try again.");
  const file = await response.blob();
  return (await asVisitor(() => postBytes("pictures", file))).picture;
}

/** Show a patch's picture on the left, and its cell among the feature maps. */
export async function openPatch(patch, {workspace, collection, layer, channel}) {
  const picture = await handleOf(patch, collection);
  const place = {layer, channel, cell: [patch.row, patch.column], hover: null, panel: "feature-maps"};
  workspace.set(changedView(workspace.get(), {picture, ...place}));
}
