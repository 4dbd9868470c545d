// A still from the camera: a small window with the live picture and one button.

import {openDialog} from "./dialog.js";
import {make} from "./dom.js";

const QUALITY = 0.92;

/** Why there is no camera picture, in one sentence. */
export function cameraProblem(error, secure = true) {
  if (!secure) return "Browsers give a page the camera only over https or on localhost. Upload a photo instead.";
  const problems = {
    NotAllowedError: "The browser did not allow the camera. Allow it in the address bar, or upload a photo.",
    NotFoundError: "No camera was found. Connect one, or upload a photo.",
    NotReadableError: "The camera is in use by another program. Close that program, or upload a photo.",
  };
  return problems[error?.name] ?? "The camera did not start. Upload a photo instead.";
}

/** The frame that a video shows now, as a JPEG file. */
function still(video) {
  const canvas = make("canvas", {width: video.videoWidth, height: video.videoHeight});
  canvas.getContext("2d").drawImage(video, 0, 0);
  return new Promise((resolve) => {
    canvas.toBlob((blob) => resolve(new File([blob], "camera.jpg", {type: blob.type})), "image/jpeg", QUALITY);
  });
}

/** Let the camera's picture run in `video`; null where the window `isClosed` meanwhile. */
async function startCamera(video, isClosed) {
  if (!navigator.mediaDevices?.getUserMedia) throw new TypeError("no camera in this context");
  const stream = await navigator.mediaDevices.getUserMedia({video: {facingMode: "environment"}, audio: false});
  if (isClosed()) {
    stopCamera(stream);
    return null;
  }
  video.srcObject = stream;
  await video.play();
  return stream;
}

const stopCamera = (stream) => stream?.getTracks().forEach((track) => track.stop());

/** Open the camera window; `take(file)` gets the still. The camera stops when the window closes. */
export async function openWebcam({parent, take}) {
  const video = make("video", {class: "vz-webcam-video", autoplay: true, playsinline: true, "aria-label": "Camera"});
  video.muted = true;
  const problem = make("p", {class: "vz-message", role: "alert", hidden: true});
  const shoot = make("button", {class: "vz-button vz-primary vz-webcam-shoot", type: "button", disabled: true}, "Take the picture");
  const promise = make("p", {class: "vz-muted"}, "Only the still you take is sent; nobody else sees it.");
  const row = make("div", {class: "vz-dialog-row"}, promise, shoot);
  const dialog = openDialog(parent, {title: "Camera", name: "webcam", content: [video, problem, row], closed: () => stopCamera(video.srcObject)});
  shoot.addEventListener("click", async () => {
    const file = await still(video);
    dialog.close();
    take(file);
  });
  try {
    if (await startCamera(video, () => !dialog.isConnected)) {
      shoot.disabled = false;
      shoot.focus();
    }
  } catch (error) {
    problem.textContent = cameraProblem(error, globalThis.isSecureContext);
    problem.hidden = false;
    video.hidden = row.hidden = true;
  }
}
