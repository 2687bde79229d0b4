// Attachments: files dropped on, pasted into or chosen in a [data-uploads] zone go to POST /files one by one.
// The ids of those that arrived stand in the zone's hidden input, comma-separated: a form sends them, and a state that
// listens to it hears of each. Nothing in the list belongs to React.
import { all, one } from "./dom.js";

const MOST_BYTES = 25_000_000;
const WORDS = {
  0: "The connection was lost. Try again.",
  401: "You are signed out. Sign in and try again.",
  413: "That file is larger than 25 MB.",
};

const say = (tag, className, text = "") => Object.assign(document.createElement(tag), { className, textContent: text });
const zoneOf = (target) => {
  if (!(target instanceof Element)) return null;
  return target.closest("[data-uploads]") ?? target.closest("form")?.querySelector("[data-uploads]") ?? null;
};
const tell = (zone) => {
  const input = one("[data-upload-ids]", zone);
  const ids = all("[data-file-id]", zone).map((line) => line.dataset.fileId);
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  set.call(input, ids.join(","));
  input.dispatchEvent(new Event("input", { bubbles: true })); // React listens to this one
};
const empty = (zone) => {
  one("[data-upload-list]", zone).replaceChildren();
  tell(zone);
};
const fail = (line, text) => {
  line.classList.add("is-failed");
  one(".upload-note", line).textContent = text;
  one("progress", line)?.remove();
  line.setAttribute("role", "alert");
};
const arrived = (zone, line, file) => {
  line.dataset.fileId = file.id;
  one("progress", line)?.remove();
  one(".upload-note", line).textContent = file.size;
  const instant = zone.dataset.uploads === "instant";
  tell(zone);
  if (instant) {
    line.remove(); // the page's own list shows it from here on
    const input = one("[data-upload-ids]", zone);
    input.value = "";
  }
};
const answerOf = (request) => {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
};
// The middle of a picture as a square JPEG: turned as its EXIF data says, and without them.
const squared = async (file, side) => {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const edge = Math.min(picture.width, picture.height);
  const canvas = Object.assign(document.createElement("canvas"), { width: side, height: side });
  const paper = canvas.getContext("2d");
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, side, side);
  const [x, y] = [(picture.width - edge) / 2, (picture.height - edge) / 2];
  paper.imageSmoothingQuality = "high";
  paper.drawImage(picture, x, y, edge, edge, 0, 0, side, side);
  const content = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.88));
  return new File([content], "picture.jpg", { type: "image/jpeg" });
};
const sendSquare = async (zone, file) => {
  try {
    send(zone, await squared(file, Number(zone.dataset.uploadSquare)));
  } catch {
    const line = say("li", "upload-line");
    line.append(say("span", "upload-name", file.name), say("span", "upload-note"));
    one("[data-upload-list]", zone).replaceChildren(line);
    fail(line, "That is no picture that this browser can read.");
  }
};
const send = (zone, file) => {
  const line = say("li", "upload-line");
  const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
  bar.setAttribute("aria-label", `Uploading ${file.name}`);
  const drop = Object.assign(say("button", "upload-remove", "Remove"), { type: "button" });
  line.append(say("span", "upload-name", file.name), say("span", "upload-note"), bar, drop);
  one("[data-upload-list]", zone).append(line);
  const request = new XMLHttpRequest();
  drop.addEventListener("click", () => {
    request.abort();
    if (line.dataset.fileId) fetch(`/files/${line.dataset.fileId}`, { method: "DELETE" });
    line.remove();
    tell(zone);
    one("[data-upload-choose]", zone)?.focus();
  });
  if (file.size > MOST_BYTES) return fail(line, WORDS[413]);
  if (file.size === 0) return fail(line, "That file is empty.");
  request.upload.addEventListener("progress", (event) => event.lengthComputable && (bar.value = event.loaded / event.total));
  request.addEventListener("error", () => fail(line, WORDS[0]));
  request.addEventListener("load", () => {
    const answer = answerOf(request);
    if (request.status === 201) arrived(zone, line, answer);
    else fail(line, WORDS[request.status] ?? answer.error ?? "That did not work. Try again.");
  });
  request.open("POST", "/files");
  request.setRequestHeader("X-File-Name", encodeURIComponent(file.name || "picture.png"));
  request.send(file);
};
const take = (event, files) => {
  const zone = zoneOf(event.target);
  if (!zone || !files?.length) return;
  event.preventDefault();
  for (const file of files) (zone.dataset.uploadSquare ? sendSquare : send)(zone, file);
};

const carriesFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
const mark = (zone) => {
  for (const other of all("[data-uploads].is-over")) if (other !== zone) other.classList.remove("is-over");
  zone?.classList.add("is-over");
};
addEventListener("dragover", (event) => {
  if (!carriesFiles(event)) return;
  const zone = zoneOf(event.target);
  mark(zone);
  if (zone) event.preventDefault();
});
addEventListener("dragleave", (event) => event.relatedTarget === null && mark(null));
addEventListener("drop", (event) => {
  mark(null);
  if (carriesFiles(event)) take(event, event.dataTransfer.files);
});
addEventListener("paste", (event) => take(event, event.clipboardData?.files));
addEventListener("change", (event) => {
  if (!event.target.matches?.("[data-upload-choose]")) return;
  take(event, [...event.target.files]);
  event.target.value = "";
});
addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-upload-open]");
  if (button) one("[data-upload-choose]", zoneOf(button))?.click();
});
addEventListener("reset", (event) => all("[data-uploads]", event.target).forEach(empty));
