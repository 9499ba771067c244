// What a browser fetches on its first visit to an address, as it comes over the wire: bytes of bodies by type.
//   node first-visit.mjs http://127.0.0.1:3000/
import { existsSync } from "node:fs";
import { get } from "node:http";
import { chromium } from "@playwright/test";

const address = process.argv[2];
const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);
const browser = await chromium.launch({
  executablePath,
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
});
const page = await browser.newPage();
const seen = new Set();
page.on("request", (request) => seen.add(request.url()));
await page.goto(address, { waitUntil: "networkidle" });
await page.locator(".theme:not([hidden])").first().waitFor({ state: "attached" }); // its script has taken over
await page.waitForLoadState("networkidle");
await browser.close();

/** The same request again, to count what is sent rather than what is unpacked. */
const fetched = (url) => new Promise((resolve, reject) => {
  const begun = performance.now();
  get(url, { headers: { "accept-encoding": "gzip, deflate, br", accept: "*/*" } }, (answer) => {
    let bytes = 0;
    answer.on("data", (chunk) => (bytes += chunk.length));
    answer.on("end", () => resolve({
      bytes, ms: performance.now() - begun, status: answer.statusCode,
      type: answer.headers["content-type"] ?? "", encoding: answer.headers["content-encoding"] ?? "plain",
    }));
  }).on("error", reject);
});

const kinds = [["wasm", /wasm/], ["js", /javascript/], ["css", /css/], ["html", /html/], ["fonts", /font/], ["posters", /webp|jpeg|^$/]];
const sums = new Map();
for (const url of seen) {
  if (!url.startsWith("http")) continue;
  const { bytes, ms, status, type, encoding } = await fetched(url);
  const kind = url.includes("/files/") ? "posters" : (kinds.find(([, pattern]) => pattern.test(type)) ?? ["other"])[0];
  if (kind === "posters") continue;
  const sum = sums.get(kind) ?? { bytes: 0, files: 0, ms: 0, encodings: new Set() };
  sums.set(kind, { bytes: sum.bytes + bytes, files: sum.files + 1, ms: sum.ms + ms, encodings: sum.encodings.add(encoding) });
  if (status !== 200) console.error(`${status} ${url}`);
}
let total = 0;
for (const kind of ["html", "css", "js", "wasm", "fonts", "other"]) {
  const sum = sums.get(kind);
  if (!sum) continue;
  total += sum.bytes;
  console.log([kind, sum.files, sum.bytes, [...sum.encodings].join(" and "), sum.ms.toFixed(0)].join("\t"));
}
console.log(["together", "", total, "", ""].join("\t"));
