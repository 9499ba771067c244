// How much a large upload raises the server's memory: registers a creator, begins a pitch, uploads a script of 50 MB.
//   node upload.mjs http://127.0.0.1:3000 PID
import { readFileSync, writeFileSync } from "node:fs";

const [address, pid] = process.argv.slice(2);
const MB = 1024 * 1024;
const memory = (key) => Number(new RegExp(`^${key}:\\s+(\\d+)`, "m").exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]) / 1024;
const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
let cookie = "";

async function post(door, body) {
  const answer = await fetch(`${address}/api/${door}`, { method: "POST", body, headers: { accept: "application/json", cookie } });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${door}: ${answer.status} ${text.slice(0, 300)}`);
  cookie = answer.headers.getSetCookie().map((set) => set.split(";")[0]).join("; ") || cookie;
  return text && JSON.parse(text);
}

/** A document with two pages, made large by a comment between its last object and its table. */
function pdf(size) {
  const parts = ["%PDF-1.4\n"];
  const offsets = [];
  let length = parts[0].length;
  const add = (text) => { parts.push(text); length += text.length; };
  for (const body of [
    "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Count 2 /Kids [3 0 R 4 0 R] >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>",
  ]) {
    offsets.push(length);
    add(`${offsets.length} 0 obj\n${body}\nendobj\n`);
  }
  add(`%${"pitchey ".repeat(Math.floor((size - length - 400) / 8))}\n`);
  const table = length;
  add(`xref\n0 5\n0000000000 65535 f \n${offsets.map((at) => `${String(at).padStart(10, "0")} 00000 n \n`).join("")}`);
  add(`trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`);
  return new Blob(parts, { type: "application/pdf" });
}

const script = pdf(50 * MB);
const before = memory("VmRSS");
const known = { email: "writer@bench.test", password: "a lamp in the tower" };
await post("auth/register", new URLSearchParams({ account_type: "creator", full_name: "Bench Writer", agree_terms: "true", ...known }));
await post("auth/sign-in", new URLSearchParams(known));
const pitch = await post("pitches/create", new URLSearchParams({ title: "A long script" }));
await pause(2);
// Hashing the password took memory of its own, which the upload may be using again: the truth is between the two figures.
const start = memory("VmRSS");
writeFileSync(`/proc/${pid}/clear_refs`, "5"); // the peak begins anew
const form = new FormData();
form.set("pitch_id", pitch.pitch_id);
form.set("script", script, "script.pdf");
const begun = performance.now();
const uploaded = await post("files/upload", form);
const seconds = (performance.now() - begun) / 1000;
const peak = memory("VmHWM");
console.log([uploaded.size, seconds.toFixed(2), before.toFixed(1), start.toFixed(1), peak.toFixed(1), memory("VmRSS").toFixed(1)].join("\t"));
