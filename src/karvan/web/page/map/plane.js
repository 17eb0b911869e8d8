// From degrees to the plane: Lambert's conformal conic, spherical (Snyder 1987), y downwards.
const RAD = Math.PI / 180;

function conic(south, north, middle) {
  const t = (lat) => Math.tan(Math.PI / 4 + (lat * RAD) / 2);
  const n = Math.log(Math.cos(south * RAD) / Math.cos(north * RAD)) / Math.log(t(north) / t(south));
  const f = (Math.cos(south * RAD) * t(south) ** n) / n;
  const flat = (lat) => Math.max(-40, Math.min(84, lat));
  return {
    project: ([lon, lat]) => {
      const rho = f / t(flat(lat)) ** n, angle = n * (lon - middle) * RAD;
      return [rho * Math.sin(angle), rho * Math.cos(angle)];
    },
    unproject: ([x, y]) => {
      const rho = Math.hypot(x, y);
      return [middle + Math.atan2(x, y) / n / RAD, (2 * Math.atan((f / rho) ** (1 / n)) - Math.PI / 2) / RAD];
    },
  };
}

export const PLANE = conic(22, 56, 62);

// The values between which the middle share of the weight lies; null where nothing weighs.
export function middle(weighed, share) {
  const sorted = weighed.filter((p) => p[1] > 0).sort((a, b) => a[0] - b[0]);
  const total = sorted.reduce((sum, p) => sum + p[1], 0), found = [null, null];
  let run = 0;
  for (const [value, weight] of sorted) {
    if (found[0] === null && run + weight >= (total * (1 - share)) / 2) found[0] = value;
    if (run < (total * (1 + share)) / 2) found[1] = value;
    run += weight;
  }
  return sorted.length ? found : null;
}
