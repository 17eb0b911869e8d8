// What the map element is made of: the plane it is drawn on, its scales, and one drawn sheet.
export * from "./plane.js";
export * from "./scales.js";
export { Sheet } from "./sheet.js";
