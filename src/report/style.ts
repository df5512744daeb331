import picocolors from "picocolors";

/** Ways to mark text. Nothing needs colour to be understood. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
  readonly cyan: (text: string) => string;
}

/** Colours when `enabled`, plain text otherwise. */
export function makeStyle(enabled: boolean): Style {
  const { bold, dim, red, green, yellow, cyan } = picocolors.createColors(enabled);
  return { bold, dim, red, green, yellow, cyan };
}
