import type { ScalePoint } from "./scale.ts";

const phases = [
  { name: "read", title: "read primary.xml into a pool", colour: "#1f6f8b" },
  { name: "load", title: "load the kept pool", colour: "#7a9e3f" },
  { name: "judge", title: "judge every package", colour: "#b5562c" },
  { name: "solve", title: "solve 100 requests", colour: "#6a4c93" },
] as const;

/** The page that tells how time grows, with the numbers of a run. */
export function scalePage(points: readonly ScalePoint[], machine: string, rounds: string): string {
  const head = ["packages", ...phases.map(({ title }) => title), "each further package", "memory"];
  const total = ({ cpu }: ScalePoint) => (cpu.read ?? 0) + (cpu.judge ?? 0);
  const rows = points.map((point, index) => {
    const { packages, cpu, megabytes } = point;
    const before = points[index - 1];
    const each = before && ((total(point) - total(before)) / (packages - before.packages)) * 1000;
    return [
      packages.toLocaleString("en"),
      ...phases.map(({ name }) => `${Math.round(cpu[name] ?? 0)} ms`),
      each === undefined ? "" : `${each.toFixed(0)} µs`,
      `${megabytes} MiB`,
    ];
  });
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |\n`;
  const table = `${line(head)}${line(head.map(() => "---:"))}${rows.map(line).join("")}`;
  const last = points.at(-1);
  return `# How time grows with packages

<!-- Written by bench/scale.ts. -->

Debian 12's index written as rpm-md (\`../shared/tools/deb2rpmmd.py\`), its first 1,000, 2,000 … packages and all ${last?.packages.toLocaleString("en")}: no repository that
rpm users have is larger. Each size is read into a pool without anything kept; the pool is kept and loaded again; every package is judged
(can it be installed at all?); and 100 packages that can, evenly spread, are asked for one by one.

![CPU time against packages](scale.svg)

${table}
CPU milliseconds inside one process, both threads, median of ${rounds} rounds; ${machine}, **busy with other work**. "Each further package"
is what reading and judging took more than at the size before, for each package more: it stays level, so time grows as the universe does. Below
lie some 150 ms in which the loops are compiled. A request costs what it reaches: in the whole universe far more packages can be
installed, and they need more. Memory is the largest resident set of the whole run, which holds two pools.

    npx tsx bench/scale.ts UNIVERSE
`;
}

/** CPU time against packages, both from zero. */
export function scalePlot(points: readonly ScalePoint[]): string {
  const [width, height, left, bottom, top, right] = [720, 400, 64, 48, 16, 16];
  const most = Math.max(...points.map(({ packages }) => packages));
  const highest = Math.max(...points.flatMap(({ cpu }) => phases.map(({ name }) => cpu[name] ?? 0)));
  const unit = 10 ** Math.floor(Math.log10(highest));
  const step = highest / unit > 5 ? unit : highest / unit > 2 ? unit / 2 : unit / 5;
  const x = (packages: number) => (left + (packages / most) * (width - left - right)).toFixed(1);
  const y = (milliseconds: number) => (height - bottom - (milliseconds / highest) * (height - bottom - top)).toFixed(1);
  const parts: string[] = [];
  for (let value = 0; value <= highest; value += step) {
    parts.push(`<line x1="${left}" x2="${width - right}" y1="${y(value)}" y2="${y(value)}" stroke="#ccc"/>`);
    parts.push(`<text x="${left - 8}" y="${y(value)}" text-anchor="end" dominant-baseline="middle">${value}</text>`);
  }
  for (let value = 0; value <= most; value += 10_000)
    parts.push(`<text x="${x(value)}" y="${height - bottom + 20}" text-anchor="middle">${value / 1000}k</text>`);
  parts.push(`<text x="${width / 2}" y="${height - 8}" text-anchor="middle">packages</text>`);
  parts.push(
    `<text x="14" y="${height / 2}" text-anchor="middle" transform="rotate(-90 14 ${height / 2})">CPU ms</text>`,
  );
  for (const [index, { name, title, colour }] of phases.entries()) {
    const path = points.map(({ packages, cpu }) => `${x(packages)},${y(cpu[name] ?? 0)}`).join(" ");
    parts.push(`<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`);
    for (const { packages, cpu } of points)
      parts.push(`<circle cx="${x(packages)}" cy="${y(cpu[name] ?? 0)}" r="3" fill="${colour}"/>`);
    parts.push(`<rect x="${left + 16}" y="${top + 8 + index * 20}" width="12" height="12" fill="${colour}"/>`);
    parts.push(`<text x="${left + 36}" y="${top + 18 + index * 20}">${title}</text>`);
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12" role="img">`,
    "<title>CPU time against packages</title>",
    '<rect width="100%" height="100%" fill="#fff"/>',
    ...parts,
    "</svg>\n",
  ].join("\n");
}
