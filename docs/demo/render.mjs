// Renders the demo posters: posters/NAME.html, 1000 x 1500, becomes src/demo/posters/NAME.webp.
//   npm i playwright-core @fontsource-variable/{archivo,fraunces,geist} @fontsource/{bodoni-moda,gloock,instrument-serif,italiana,jost,league-gothic}
//   NODE_PATH=… node render.mjs [NAME…]
import { createRequire } from "node:module";
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const LARGEST = 120_000; // bytes of a poster
const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(process.env.NODE_PATH ? join(process.env.NODE_PATH, "x.js") : import.meta.url);
const { chromium } = require("playwright-core");

const fonts = [
  ["Archivo", "100 900", "@fontsource-variable/archivo/files/archivo-latin-standard-normal.woff2", "font-stretch: 62% 125%"],
  ["Fraunces", "100 900", "@fontsource-variable/fraunces/files/fraunces-latin-full-normal.woff2"],
  ["Fraunces", "100 900", "@fontsource-variable/fraunces/files/fraunces-latin-full-italic.woff2", "font-style: italic"],
  ["Geist", "100 900", "@fontsource-variable/geist/files/geist-latin-wght-normal.woff2"],
  ["Bodoni Moda", "400", "@fontsource/bodoni-moda/files/bodoni-moda-latin-400-normal.woff2"],
  ["Bodoni Moda", "400", "@fontsource/bodoni-moda/files/bodoni-moda-latin-400-italic.woff2", "font-style: italic"],
  ["Gloock", "400", "@fontsource/gloock/files/gloock-latin-400-normal.woff2"],
  ["Instrument Serif", "400", "@fontsource/instrument-serif/files/instrument-serif-latin-400-normal.woff2"],
  ["Instrument Serif", "400", "@fontsource/instrument-serif/files/instrument-serif-latin-400-italic.woff2", "font-style: italic"],
  ["Italiana", "400", "@fontsource/italiana/files/italiana-latin-400-normal.woff2"],
  ["Jost", "400", "@fontsource/jost/files/jost-latin-400-normal.woff2"],
  ["Jost", "600", "@fontsource/jost/files/jost-latin-600-normal.woff2"],
  ["League Gothic", "400", "@fontsource/league-gothic/files/league-gothic-latin-400-normal.woff2"],
];
const faces = fonts.map(([family, weight, file, more = ""]) => {
  const data = readFileSync(require.resolve(file)).toString("base64");
  return `@font-face { font-family: "${family}"; font-weight: ${weight}; ${more}; src: url(data:font/woff2;base64,${data}) }`;
}).join("\n");
const base = "* { margin: 0; box-sizing: border-box } body { width: 1000px; height: 1500px; overflow: hidden; position: relative } svg, canvas { position: absolute; inset: 0 }";

const names = process.argv.length > 2 ? process.argv.slice(2)
  : readdirSync(join(here, "posters")).filter((f) => f.endsWith(".html")).map((f) => f.slice(0, -5));
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage({ viewport: { width: 1000, height: 1500 } });
page.on("pageerror", (error) => { throw error; });
for (const name of names) {
  await page.goto("about:blank");
  const html = readFileSync(join(here, "posters", `${name}.html`), "utf8")
    .replace("<!--kit-->", `<style>${faces}${base}</style><script>${readFileSync(join(here, "posters", "kit.js"), "utf8")}</script>`);
  await page.setContent(html);
  await page.evaluate(() => document.fonts.ready);
  const png = (await page.screenshot()).toString("base64");
  const webp = await page.evaluate(async ([png, largest]) => {
    const image = new Image();
    image.src = `data:image/png;base64,${png}`;
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: 1000, height: 1500 });
    canvas.getContext("2d").drawImage(image, 0, 0);
    for (let quality = 0.92; ; quality -= 0.03) {
      const url = canvas.toDataURL("image/webp", quality);
      if (url.length * 0.75 < largest || quality < 0.3) return { url, quality };
    }
  }, [png, LARGEST]);
  const bytes = Buffer.from(webp.url.split(",")[1], "base64");
  writeFileSync(join(here, "../../src/demo/posters", `${name}.webp`), bytes);
  if (process.env.PNG) writeFileSync(join(process.env.PNG, `${name}.png`), Buffer.from(png, "base64"));
  process.stderr.write(`${name}: ${bytes.length} bytes at quality ${webp.quality.toFixed(2)}\n`);
}
await browser.close();
