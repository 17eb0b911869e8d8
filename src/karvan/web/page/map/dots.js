// Dots that run along lines, on a canvas of their own over a sheet: only they are painted again, some twenty times a
// second, while the map beneath stands still.
const SPEED = 22, APART = 64, RADIUS = 1.7, EVERY_MS = 45;

export class Dots {
  constructor(node) {
    this.node = node;
    this.canvas = node.appendChild(document.createElement("canvas"));
    this.canvas.className = "map-dots";
    this.canvas.setAttribute("aria-hidden", "true");
    this.lines = []; this.frame = 0; this.painted = 0;
  }

  // Run along lines of pixels; none: stand still and show nothing.
  along(lines) {
    const { clientWidth, clientHeight } = this.node, fine = window.devicePixelRatio || 1;
    Object.assign(this.canvas, { width: clientWidth * fine, height: clientHeight * fine });
    this.lines = lines.map(measured);
    cancelAnimationFrame(this.frame);
    if (lines.length) this.frame = requestAnimationFrame((now) => this.run(now));
  }

  run(now) {
    if (now - this.painted >= EVERY_MS) this.paint(now);
    this.frame = requestAnimationFrame((next) => this.run(next));
  }

  paint(now) {
    const ink = this.canvas.getContext("2d"), fine = window.devicePixelRatio || 1;
    const wide = this.canvas.width / fine, high = this.canvas.height / fine;
    this.painted = now;
    ink.setTransform(fine, 0, 0, fine, 0, 0);
    ink.clearRect(0, 0, wide, high);
    ink.fillStyle = "#ffffff";
    ink.beginPath();
    for (const line of this.lines) {
      for (const [x, y] of spots(line, ((now / 1000) * SPEED) % APART)) {
        if (x < 0 || y < 0 || x > wide || y > high) continue;
        ink.moveTo(x + RADIUS, y);
        ink.arc(x, y, RADIUS, 0, 2 * Math.PI);
      }
    }
    ink.fill();
  }

  dispose() { cancelAnimationFrame(this.frame); this.canvas.remove(); }
}

// A line with the way from its start to each of its points.
function measured(points) {
  const ways = [0];
  for (let i = 1; i < points.length; i++) {
    ways.push(ways[i - 1] + Math.hypot(points[i][0] - points[i - 1][0], points[i][1] - points[i - 1][1]));
  }
  return { points, ways };
}

// Points of a line, the first at a way from its start and the others evenly behind it.
function spots({ points, ways }, first) {
  const found = [];
  for (let way = first, i = 1; way < ways.at(-1); way += APART) {
    while (ways[i] < way) i += 1;
    const share = (way - ways[i - 1]) / (ways[i] - ways[i - 1]);
    found.push([0, 1].map((axis) => points[i - 1][axis] + share * (points[i][axis] - points[i - 1][axis])));
  }
  return found;
}
