// Colours, widths and words of the map.
export const FAMILIES = ["ship", "pipeline", "road", "rail"];
export const INK = { none: "#9fb0b8", way: "#1b3a4b", land: "#f4f1ea", shore: "#d8d1c3", water: "#dfe9ee", text: "#15242d" };
export const SCALES = {
  full: [[-1, INK.none, "no limit named"], [0, "#7fb7be", "below 50 %"], [50, "#3d8d9b", "50–80 %"],
    [80, "#dd9f3b", "80–95 %"], [94.9, "#c2311f", "binding"]],
  worth: [[-1, INK.none, "nothing"], [0.005, "#b9a7d6", "below 0.1"], [0.1, "#8d6fc0", "0.1–1"], [1, "#5f3da0", "1–5"],
    [5, "#341a6e", "over 5"]],
  change: [[-1e9, "#b5541c", "less cargo"], [0, "#2b6ca3", "more cargo"]],
};
export const TITLES = { full: "Colour: use of the fullest resource", worth: "Colour: worth of 1 % more, MUSD a year",
  change: "Colour and width: change beside the base" };

export const colour = (mode, value) => SCALES[mode].findLast((step) => value >= step[0])?.[1] ?? SCALES[mode][0][1];
export const width = (kt, widest) => 0.6 + 9 * Math.sqrt(Math.min(1.6, Math.abs(kt) / widest));
export const amount = (kt) => (kt >= 1000 ? `${(kt / 1000).toFixed(kt >= 1e4 ? 0 : 1)} Mt` : `${Math.round(kt)} kt`);
export const text = (value) => String(value).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
