// What the posters share: chance that repeats, soft noise, a canvas, SVG.

/** Numbers in 0..1 that are the same every time (mulberry32). */
function chance(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Smooth value noise in -1..1 over the plane. */
function noise(seed) {
  const random = chance(seed);
  const lattice = Array.from({ length: 65536 }, () => random() * 2 - 1);
  const at = (x, y) => lattice[((y & 255) << 8) | (x & 255)];
  const ease = (t) => t * t * (3 - 2 * t);
  return (x, y) => {
    const [i, j] = [Math.floor(x), Math.floor(y)];
    const [u, v] = [ease(x - i), ease(y - j)];
    const top = at(i, j) + (at(i + 1, j) - at(i, j)) * u;
    const low = at(i, j + 1) + (at(i + 1, j + 1) - at(i, j + 1)) * u;
    return top + (low - top) * v;
  };
}

function canvas() {
  const element = document.body.insertBefore(document.createElement("canvas"), document.body.firstChild);
  [element.width, element.height] = [1000, 1500];
  return element.getContext("2d");
}

/** A vertical gradient from [position, colour] stops. */
function shade(pen, stops, y0 = 0, y1 = 1500) {
  const gradient = pen.createLinearGradient(0, y0, 0, y1);
  for (const [at, colour] of stops) gradient.addColorStop(at, colour);
  return gradient;
}

/** A little grain over everything, so that large gradients do not band. */
function grain(pen, amount = 5, seed = 7) {
  const random = chance(seed);
  const picture = pen.getImageData(0, 0, 1000, 1500);
  for (let i = 0; i < picture.data.length; i += 4) {
    const d = (random() - 0.5) * 2 * amount;
    for (let k = 0; k < 3; k++) picture.data[i + k] += d;
  }
  pen.putImageData(picture, 0, 0);
}
