// Sets a screenplay: a Fountain text becomes a PDF in the trade's format. A4, Courier Prime 12 pt, ten characters to the
// inch, six lines to the inch, page numbers from the second page, dialogue broken with (MORE) and (CONT'D).
//   NODE_PATH=… node screenplay.mjs screenplays/low-water.fountain ../../src/demo/scripts/low-water.pdf
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const LINES = 57, ACTION = [0, 60], NAME = [22, 38], ASIDE = [16, 25], SPEECH = [10, 35];
const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(process.env.NODE_PATH ? join(process.env.NODE_PATH, "x.js") : import.meta.url);
const [source, target] = process.argv.slice(2);

const [head, ...rest] = readFileSync(source, "utf8").trim().split(/\n\n/);
const front = Object.fromEntries(head.split("\n").map((line) => line.split(/:\s*/, 2)));

/** `text` in lines of at most `width` characters, indented. */
function wrap(text, [indent, width]) {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last && last.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = last ? `${last} ${word}` : word;
  }
  return lines.map((line) => " ".repeat(indent) + line);
}

// Blocks of lines; a heading stays with what follows it.
const blocks = rest.map((paragraph) => {
  const lines = paragraph.trim().split("\n");
  const first = lines[0];
  if (/^(INT|EXT)[./ ]/.test(first)) return { kind: "heading", lines: ["", first] };
  if (/^[A-Z ]+TO:$|^FADE OUT\.$/.test(first)) return { kind: "turn", lines: [first.padStart(60)] };
  if (/^[A-Z][A-Z .'’-]+(\([A-Z.' ]+\))?$/.test(first) && lines.length > 1) {
    const speech = lines.slice(1).flatMap((line) => wrap(line, line.startsWith("(") ? ASIDE : SPEECH));
    return { kind: "speech", name: first, lines: [" ".repeat(NAME[0]) + first, ...speech] };
  }
  return { kind: "action", lines: wrap(lines.join(" "), ACTION) };
});

const pages = [[]];
function put(lines) {
  if (pages.at(-1).length) lines = ["", ...lines];
  pages.at(-1).push(...lines);
}
blocks.forEach((block, i) => {
  let lines = block.lines;
  const room = () => LINES - pages.at(-1).length - (pages.at(-1).length ? 1 : 0);
  const follow = block.kind === "heading" ? 1 + Math.min(3, blocks[i + 1]?.lines.length ?? 0) : 0;
  if (lines.length + follow > room()) {
    if (block.kind === "speech" && room() >= 4 && lines.length - room() >= 1) {
      const cut = Math.min(room() - 1, lines.length - 2);
      put([...lines.slice(0, cut), " ".repeat(NAME[0]) + "(MORE)"]);
      lines = [" ".repeat(NAME[0]) + `${block.name} (CONT'D)`, ...lines.slice(cut)];
    } else if (block.kind === "action" && room() >= 2 && lines.length - room() >= 2) {
      const cut = room();
      put(lines.slice(0, cut));
      lines = lines.slice(cut);
    }
    pages.push([]);
  }
  while (pages.at(-1).length === 0 && lines[0] === "") lines = lines.slice(1);
  put(lines);
});

const escape = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
const font = (name) => readFileSync(require.resolve(`@fontsource/courier-prime/files/courier-prime-${name}-400-normal.woff2`)).toString("base64");
const html = `<!doctype html><html lang="en"><title>${escape(front.Title)}</title><style>
  @font-face { font-family: Courier Prime; src: url(data:font/woff2;base64,${font("latin")}) }
  @page { size: A4; margin: 0 }
  * { margin: 0; font: 12pt/12pt "Courier Prime"; white-space: pre }
  section { box-sizing: border-box; height: 296.9mm; padding: 1in 0 0 1.5in; position: relative; break-after: page; overflow: hidden }
  section:last-child { break-after: auto }
  .number { position: absolute; top: 0.5in; left: 7.1in }
  .front { padding: 0 } .front h1, .front h2 { position: absolute; left: 0; right: 0; text-align: center }
  .front h1 { top: 3.6in; text-transform: uppercase; text-decoration: underline } .front h2 { top: 4.3in; line-height: 24pt }
  .front p { position: absolute; left: 1.5in; bottom: 1in; white-space: pre-line }
</style><section class="front"><h1>${escape(front.Title)}</h1><h2>${escape(front.Credit)}\n${escape(front.Author)}</h2><p>${escape(front.Note)}\n${escape(front.Date)}</p></section>${pages.map((lines, n) => `<section>${n ? `<div class="number">${n + 1}.</div>` : ""}${lines.map((line) => `<div>${escape(line) || " "}</div>`).join("")}</section>`).join("")}`;

const browser = await require("playwright-core").chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage();
await page.setContent(html);
await page.evaluate(() => document.fonts.ready);
await page.pdf({ path: target, preferCSSPageSize: true, printBackground: true });
await browser.close();
process.stderr.write(`${target}: ${pages.length} pages and a front page\n`);
