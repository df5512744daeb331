import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

/** Floors from the ground up; a file imports only from floors below its own. */
export const floors = ["core", "formats", "engine", "adapters", "report", "cli"] as const;

export interface ImportEdge {
  /** Paths relative to `src`, forward slashes. */
  readonly from: string;
  readonly to: string;
}

/** Floors that are one room each. */
const whole = ["core", "report", "cli"];

/** Floor, or floor/room where the floor has rooms. */
export function roomOf(file: string): string {
  const [floor, room, ...rest] = file.split("/");
  if (floor !== undefined && whole.includes(floor)) return floor;
  return floor !== undefined && room !== undefined && rest.length > 0 ? `${floor}/${room}` : (floor ?? file);
}

export function sourceFiles(src: string): string[] {
  return readdirSync(src, { recursive: true, encoding: "utf8" })
    .map((name) => name.split(sep).join("/"))
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .sort();
}

/** Every relative import of every source file (tests left out), dynamic ones and re-exports included. */
export function importEdges(src: string): ImportEdge[] {
  const edges: ImportEdge[] = [];
  for (const file of sourceFiles(src)) {
    const text = readFileSync(join(src, file), "utf8");
    for (const match of text.matchAll(/(?:\bfrom\s*|\bimport\s*\(?\s*)["'](\.{1,2}\/[^"']+)["']/g)) {
      const target = resolve(dirname(join(src, file)), match[1] ?? "");
      edges.push({ from: file, to: relative(src, target).split(sep).join("/") });
    }
  }
  return edges;
}

/** What each import breaks, as sentences; empty when the house stands. */
export function floorViolations(edges: readonly ImportEdge[]): string[] {
  const violations: string[] = [];
  const height = (file: string) => floors.indexOf((file.split("/")[0] ?? "") as (typeof floors)[number]);
  for (const { from, to } of edges) {
    if (to.startsWith("..")) {
      if (!to.endsWith("package.json")) violations.push(`${from} imports ${to}, outside src`);
      continue;
    }
    if (height(from) < 0 || height(to) < 0) violations.push(`${from} → ${to}: not on a floor`);
    else if (height(to) > height(from)) violations.push(`${from} imports ${to}, a floor above`);
    else if (height(to) === height(from) && roomOf(from) !== roomOf(to) && !to.endsWith("/index.ts")) {
      violations.push(`${from} imports ${to}, past the other room's index.ts`);
    }
  }
  return violations;
}

/** Rooms and the rooms they use, one line a room, floors from the top: what docs/architecture.md shows. */
export function drawGraph(edges: readonly ImportEdge[]): string {
  const uses = new Map<string, Set<string>>();
  for (const { from, to } of edges) {
    if (to.startsWith("..")) continue;
    const room = roomOf(from);
    const target = roomOf(to);
    const set = uses.get(room) ?? uses.set(room, new Set()).get(room);
    if (target !== room && target !== "core") set?.add(target);
  }
  const lines: string[] = [];
  for (const floor of [...floors].reverse()) {
    const rooms = [...uses.keys()].filter((room) => room.split("/")[0] === floor).sort();
    if (rooms.length === 0) continue;
    lines.push(`${floor}/`);
    for (const room of rooms) {
      const targets = [...(uses.get(room) ?? [])].sort();
      const name = room === floor ? "·" : room.slice(floor.length + 1);
      lines.push(`  ${name.padEnd(12)}${targets.length > 0 ? `→ ${targets.join(", ")}` : ""}`.trimEnd());
    }
  }
  return lines.join("\n");
}
