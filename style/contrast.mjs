// Measures the contrast of every pair of tokens that meet on a page, light and dark, and fails under WCAG's limits.
import { readFileSync } from "node:fs";

const css = readFileSync(new URL("tokens.css", import.meta.url), "utf8");
const portals = { public: ":root", creator: "creator", investor: "investor", production: "production", admin: "admin" };
const colour = /light-dark\(oklch\(([^)]+)\), oklch\(([^)]+)\)\)/;

function token(name, block = ":root") {
  const from = css.indexOf(block === ":root" ? ":root {" : `[data-portal="${block}"]`);
  const [, light, dark] = css.slice(css.indexOf(`--${name}:`, from)).match(colour);
  return { light: luminance(light), dark: luminance(dark) };
}

function luminance(oklch) {
  const [l, c, h] = oklch.split(" ").map(Number);
  const [a, b] = [c * Math.cos((h * Math.PI) / 180), c * Math.sin((h * Math.PI) / 180)];
  const x = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const y = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const z = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (v) => Math.min(1, Math.max(0, v));
  const red = clip(4.0767416621 * x - 3.3077115913 * y + 0.2309699292 * z);
  const green = clip(-1.2684380046 * x + 2.6097574011 * y - 0.3413193965 * z);
  const blue = clip(-0.0041960863 * x - 0.7034186147 * y + 1.707614701 * z);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const ratio = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
const pairs = [];
for (const ground of ["paper", "raised", "sunken"]) {
  for (const text of ["ink", "muted", "good", "warn", "bad"]) pairs.push([text, ground, 4.5, token(text), token(ground)]);
  pairs.push(["edge", ground, 3, token("edge"), token(ground)]);
  for (const [name, block] of Object.entries(portals)) {
    pairs.push([`accent of ${name}`, ground, 4.5, token("accent", block), token(ground)]);
  }
}
for (const [name, block] of Object.entries(portals)) {
  pairs.push(["on-accent", `accent of ${name}`, 4.5, token("on-accent"), token("accent", block)]);
}

let failed = 0;
for (const [text, ground, least, a, b] of pairs) {
  const [light, dark] = [ratio(a.light, b.light), ratio(a.dark, b.dark)];
  const ok = light >= least && dark >= least;
  if (!ok) failed += 1;
  console.log(`${ok ? "ok  " : "FAIL"} ${text} on ${ground}: light ${light.toFixed(2)}, dark ${dark.toFixed(2)} (at least ${least})`);
}
process.exit(failed ? 1 : 0);
